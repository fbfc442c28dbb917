#include "core/mention/language.h"

#include <gtest/gtest.h>

#include <string>

namespace earshot::mention {
namespace {

struct Sample {
  const char *code, *text;
};

// One sentence each, as a customer would write it.
constexpr Sample kSamples[] = {
    {"en", "The bank's app has been down since this morning and nobody can pay"},
    {"nl", "De app van de bank ligt er sinds vanochtend uit en niemand kan betalen"},
    {"de", "Die App der Bank ist seit heute Morgen nicht erreichbar"},
    {"fr", "L'application de la banque ne fonctionne plus depuis ce matin"},
    {"es", "La aplicación del banco no funciona desde esta mañana"},
    {"it", "L'app della banca non funziona da stamattina, nessuno può pagare"},
    {"pt", "A aplicação do banco não funciona desde esta manhã"},
    {"no", "Appen til banken har vært nede siden i morges"},
    {"da", "Bankens app har været nede siden i morges"},
    {"sv", "Bankens app har legat nere sedan i morse och ingen kan betala sina räkningar"},
    {"fi", "Pankin sovellus ei ole toiminut aamusta lähtien"},
    {"pl", "Aplikacja banku nie działa od dzisiejszego ranka"},
    {"cs", "Bankovní aplikace od rána nefunguje"},
    {"hu", "A bank alkalmazása reggel óta nem működik"},
    {"ro", "Aplicația băncii nu funcționează de azi dimineață"},
    {"tr", "Bankanın uygulaması bu sabahtan beri çalışmıyor"},
    {"vi", "Ứng dụng ngân hàng không hoạt động từ sáng nay"},
    {"id", "Aplikasi bank tidak berfungsi sejak pagi ini"},
    {"el", "Η εφαρμογή της τράπεζας δεν λειτουργεί από το πρωί"},
    {"ru", "Банк не работает с самого утра, клиенты жалуются"},
    {"uk", "Банк не працює з самого ранку, клієнти скаржаться"},
    {"bg", "Приложението на банката не работи от сутринта"},
    {"he", "האפליקציה של הבנק אינה זמינה מהבוקר"},
    {"ar", "تطبيق البنك لا يعمل منذ هذا الصباح"},
    {"hi", "बैंक का ऐप आज सुबह से काम नहीं कर रहा है"},
    {"th", "แอปธนาคารใช้งานไม่ได้ตั้งแต่เช้า"},
    {"ja", "アクメ銀行で障害が発生し、支払いができない"},
    {"ko", "아크메 은행 앱이 오늘 아침부터 작동하지 않습니다"},
    {"zh", "Acme Bank 出现故障，客户无法付款"},
};

TEST(Language, IsFoundInASentence) {
  for (const Sample& sample : kSamples) {
    const Language found = language_of(sample.text, "", "");
    EXPECT_EQ(found.code, sample.code) << sample.text;
    EXPECT_GE(found.confidence, 50) << sample.text;
  }
}

TEST(Language, OfTooLittleTextIsUndetermined) {
  for (const char* text : {"", "acmebank", "Great!", "OK", "1234567 890 11 22 33", "…", "👍👍👍", "Acme Bank outage"}) {
    const Language found = language_of(text, "", "");
    EXPECT_EQ(found.code, "und") << text;
    EXPECT_EQ(found.confidence, 0) << text;
  }
}

TEST(Language, OfNoLanguageIsUndetermined) {
  EXPECT_EQ(language_of("asdf qwer zxcv uiop hjkl bnm qwe asd zxc", "", "").code, "und");
  EXPECT_EQ(
      language_of("https://example.com/the/quick/brown/fox/and/the/lazy/dog @thisissomebody #thisandthat", "", "").code,
      "und");
}

TEST(Language, TheSourcesWordStandsWhereTheTextIsTooShort) {
  EXPECT_EQ(language_of("acmebank", "", "nl").code, "nl");
  EXPECT_EQ(language_of("acmebank", "", "nl").confidence, 0);
  EXPECT_EQ(language_of("acmebank", "", "NL-be").code, "nl-be");
  EXPECT_EQ(language_of("acmebank", "", "pt_BR").code, "pt-BR");
  EXPECT_EQ(language_of("acmebank", "", "iw").code, "he");
}

TEST(Language, ASureTextWinsOverTheSourcesWord) {
  const Language found =
      language_of("De app van de bank ligt er sinds vanochtend uit en niemand kan betalen", "", "en-US");
  EXPECT_EQ(found.code, "nl");
  EXPECT_GE(found.confidence, 90);
}

TEST(Language, TheSourceNamesTheRegion) {
  EXPECT_EQ(language_of("A aplicação do banco não funciona desde esta manhã", "", "pt-BR").code, "pt-BR");
  EXPECT_EQ(language_of("Acme Bank 出现故障，客户无法付款", "", "zh-Hans").code, "zh-Hans");
}

TEST(Language, AmongNeighboursTheSourceDecides) {
  EXPECT_EQ(language_of("Appen til banken har vært nede siden i morges", "", "nb").code, "nb");
  EXPECT_EQ(language_of("Aplikacija banke ne radi od jutros i nitko ne može platiti", "", "bs").code, "bs");
}

TEST(Language, WhatIsNoLanguageTagIsNoWord) {
  for (const char* said : {"und", "x", "english", "12", "mul", "zxx", "n\xc3\xa9", "-", "en\"><script>"}) {
    const std::string code = language_of("acmebank", "", said).code;
    EXPECT_TRUE(code == "und" || code == "en") << said << " " << code;
  }
}

TEST(Language, IsOfTheTextNotOfTheTitleAlone) {
  EXPECT_EQ(
      language_of("Acme Bank", "Die App der Bank ist seit heute Morgen nicht erreichbar, und niemand kann zahlen.", "")
          .code,
      "de");
}

TEST(Language, AQuotationAtTheBeginningDoesNotDecide) {
  const std::string dutch =
      "De klanten van de bank konden gisteren de hele dag niet betalen, en niemand wist wanneer dat weer zou gaan. ";
  const std::string english = "The customers of the bank could not pay for anything all day, and nobody knew why. ";
  std::string article;
  for (int i = 0; i < 4; ++i) article += english;
  for (int i = 0; i < 40; ++i) article += dutch;
  EXPECT_EQ(language_of("", article, "").code, "nl");
  std::string half;
  while (half.size() < 700) half += english;
  while (half.size() < 7000) half += dutch;
  EXPECT_EQ(language_of("", half, "").code, "nl");
}

TEST(Language, ReadsNoMoreThanABeginning) {
  std::string text;
  while (text.size() < 10'000) text += "The bank's app has been down since this morning and nobody can pay. ";
  while (text.size() < 4'000'000) text += "De app van de bank ligt er sinds vanochtend uit en niemand kan betalen. ";
  EXPECT_EQ(language_of("", text, "").code, "en");
  EXPECT_EQ(language_of(std::string(2'000'000, 'a'), "", "").code, "und");
}

}  // namespace
}  // namespace earshot::mention
