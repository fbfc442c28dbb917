#include "common/source/date.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace earshot::source {
namespace {

using namespace std::chrono;

// "2004-07-11T17:00:00Z", with milliseconds where there are any; "-" for what is no date.
std::string read(std::string_view text) {
  const auto t = parse_date(text);
  if (!t) return "-";
  const sys_time<milliseconds> at{milliseconds{*t}};
  const auto day = floor<days>(at);
  const year_month_day ymd{day};
  const hh_mm_ss time{at - day};
  char out[40];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  std::string s = out;
  if (const auto ms = time.subseconds().count()) s += "." + std::to_string(ms);
  return s + "Z";
}

struct Row {
  const char *text, *expected;
};

class Dates : public testing::TestWithParam<Row> {};

TEST_P(Dates, AreRead) { EXPECT_EQ(read(GetParam().text), GetParam().expected) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Rfc822, Dates,
    testing::Values(Row{"Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
                    Row{"Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"},
                    Row{"01 Jan 04 19:48 GMT", "2004-01-01T19:48:00Z"}, Row{"Thu, 01 Jan 2004", "2004-01-01T00:00:00Z"},
                    Row{"Thu,  5 Apr 2012 10:00:00 GMT", "2012-04-05T10:00:00Z"},
                    Row{"Thursday, 5 April 2012 10:00:00 +0200", "2012-04-05T08:00:00Z"},
                    Row{"Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00Z"},
                    Row{"Fri, 31 Mar 2023 20:19:00 America/Los_Angeles", "2023-04-01T03:19:00Z"},
                    Row{"Thu, 25 Feb 2016 00:00:00 Europe/Brussels", "2016-02-24T23:00:00Z"},
                    Row{"Wed, 19 Feb 2012 22:40:00 GMT-01:01", "2012-02-19T23:41:00Z"},
                    Row{"Thu, 29 Oct 2020 07:36:03 GMT-07:00", "2020-10-29T14:36:03Z"},
                    Row{"Wed, 26 Dec 2018 10:00:54 PST", "2018-12-26T18:00:54Z"},
                    Row{"Mon, 26 January 2004 16:31:00 ET", "2004-01-26T21:31:00Z"},
                    Row{"Mon, 26 January 2004 16:31:00 AT", "2004-01-26T20:31:00Z"},
                    Row{"Thu, 30 Apr 2015 08:57:00 MEST", "2015-04-30T06:57:00Z"},
                    Row{"Sun, 28 Oct 2018 13:48:00 +0100", "2018-10-28T12:48:00Z"},
                    Row{"Mon, 13 Feb, 2012 06:28:00 UTC", "2012-02-13T06:28:00Z"},
                    Row{"Mon,02 Jan 2006 15:04:05 -0700", "2006-01-02T22:04:05Z"},
                    Row{"Mon, 02 Jan 2006 15:04:05 --0700", "2006-01-02T22:04:05Z"},
                    Row{"Mon, 02 Jan 2006 15:04:05 00", "2006-01-02T15:04:05Z"},
                    Row{"Mon, 02 Jan 2006 15 -0700", "2006-01-02T22:00:00Z"},
                    Row{"Mon, 02 Jan 2006 15:04:05 -0700 MST", "2006-01-02T22:04:05Z"},
                    Row{"Mon, 02 Jan 2006 24:00:00 GMT", "2006-01-03T00:00:00Z"},
                    Row{"Tue, 31 Dec 2024 23:59:60 GMT", "2025-01-01T00:00:00Z"},
                    Row{"Thu Aug 30 2012 17:26:16 +0200", "2012-08-30T15:26:16Z"},
                    Row{"Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", "2020-11-12T17:00:00Z"},
                    Row{"Mon, 16th Nov 2020 13:16:28 GMT", "2020-11-16T13:16:28Z"},
                    Row{"Thurs, 15 Oct 2020 00:00:39 +0000", "2020-10-15T00:00:39Z"},
                    Row{"Mon, 09 Apr 2018, 16:04", "2018-04-09T16:04:00Z"},
                    Row{"Sun, 17 Dec 2017 1:55 PM EST", "2017-12-17T18:55:00Z"},
                    Row{"Thu, 01 Jan 0100 00:00:01 +0100", "0099-12-31T23:00:01Z"},
                    Row{"Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"},
                    Row{"Thu, 01 Jan 2004 12:00:00 A", "2004-01-01T12:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(
    Iso8601, Dates,
    testing::Values(
        Row{"2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z"}, Row{"2003-12-31t10:14:55z", "2003-12-31T10:14:55Z"},
        Row{"2003-12-31T10:14:55-08:00", "2003-12-31T18:14:55Z"},
        Row{"2003-12-31T10:14:55-0800", "2003-12-31T18:14:55Z"}, Row{"2003-12-31T10:14:55-08", "2003-12-31T18:14:55Z"},
        Row{"2007-04-23T23:25:47.538+10:00", "2007-04-23T13:25:47.538Z"},
        Row{"2003-12-31T10:14Z", "2003-12-31T10:14:00Z"}, Row{"2018-12-12T12:12", "2018-12-12T12:12:00Z"},
        Row{"2003-12-31", "2003-12-31T00:00:00Z"}, Row{"2003-12", "2003-12-01T00:00:00Z"},
        Row{"2003", "2003-01-01T00:00:00Z"}, Row{"20031231", "2003-12-31T00:00:00Z"},
        Row{"20031231T101455Z", "2003-12-31T10:14:55Z"}, Row{"031231", "2003-12-31T00:00:00Z"},
        Row{"03-12-31", "2003-12-31T00:00:00Z"}, Row{"-0312", "2003-12-01T00:00:00Z"},
        Row{"-03-12", "2003-12-01T00:00:00Z"}, Row{"2003-335", "2003-12-01T00:00:00Z"},
        Row{"2003335", "2003-12-01T00:00:00Z"}, Row{"03335", "2003-12-01T00:00:00Z"},
        Row{"2020-W53-5", "2021-01-01T00:00:00Z"}, Row{"2003-012-31T10:14:55+00:00", "2003-12-31T10:14:55Z"},
        Row{"2004-07-08 23:56:58", "2004-07-08T23:56:58Z"}, Row{"2004-07-08 23:56:58.0", "2004-07-08T23:56:58Z"},
        Row{"2004-07-08 23:56:58 -00:20", "2004-07-09T00:16:58Z"},
        Row{"2018-10-23 04:07:42 +00:00", "2018-10-23T04:07:42Z"},
        Row{"2020-11-08T16:20:00-05:00Z", "2020-11-08T21:20:00Z"}, Row{"2006-1-2T15:04:05Z", "2006-01-02T15:04:05Z"},
        Row{"2006-01-02T15:04:05:00", "2006-01-02T15:04:05Z"}, Row{"2006-01-02T24:00:00Z", "2006-01-03T00:00:00Z"},
        Row{"2004-02-28T18:14:55-08:00", "2004-02-29T02:14:55Z"},
        Row{"  2003-12-31T10:14:55Z \n", "2003-12-31T10:14:55Z"}));

INSTANTIATE_TEST_SUITE_P(
    OtherForms, Dates,
    testing::Values(
        Row{"Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z"},
        Row{"Sun Jan 4 16:29:06 PST 2004", "2004-01-05T00:29:06Z"},
        Row{"Sun Jul 15 01:16:00 +0000 2012", "2012-07-15T01:16:00Z"}, Row{"1520932969", "2018-03-13T09:22:49Z"},
        Row{"1520932969000", "2018-03-13T09:22:49Z"}, Row{"Friday, December 22, 2017 - 3:09pm", "2017-12-22T15:09:00Z"},
        Row{"Thu, June 22, 2023 at 01:11 PM EDT", "2023-06-22T17:11:00Z"},
        Row{"Nov. 16, 2020, 10:57 a.m.", "2020-11-16T10:57:00Z"},
        Row{"Jan. 4, 2016, 12:37 p.m.", "2016-01-04T12:37:00Z"}, Row{"12:15 AM, 3 May 2020", "2020-05-03T00:15:00Z"},
        Row{"Nov. 2020", "2020-11-01T00:00:00Z"}, Row{"26 Sep 2022 GMT", "2022-09-26T00:00:00Z"},
        Row{"Friday 06 November 2020", "2020-11-06T00:00:00Z"}, Row{"09/15/2014 4:20 pm PST", "2014-09-16T00:20:00Z"},
        Row{"10/30/23 21:55:58", "2023-10-30T21:55:58Z"}, Row{"Fri, 26/06/2020", "2020-06-26T00:00:00Z"},
        Row{"Mon, 03/30/2020 - 19:19", "2020-03-30T19:19:00Z"}, Row{"30.10.23", "2023-10-30T00:00:00Z"},
        Row{"02.01.2006 15:04", "2006-01-02T15:04:00Z"}, Row{"02.01.2006 -0700", "2006-01-02T07:00:00Z"},
        Row{"15:04 02.01.2006 -0700", "2006-01-02T22:04:00Z"},
        Row{"Sat, 11 04 2020 08:51:49 +0100", "2020-04-11T07:51:49Z"}, Row{"Tue, 04/03/2025", "2025-03-04T00:00:00Z"},
        Row{"Thu, 04/03/2025", "2025-04-03T00:00:00Z"}, Row{"01/02/2006 3:04 PM", "2006-01-02T15:04:00Z"},
        Row{"02/01/2006", "2006-01-02T00:00:00Z"}, Row{"2006 January 02", "2006-01-02T00:00:00Z"},
        Row{"2-Jan-2006 10:00", "2006-01-02T10:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(Languages, Dates,
                         testing::Values(Row{"2004-05-25 오후 11:23:17", "2004-05-25T14:23:17Z"},
                                         Row{"2004년 05월 28일  01:31:15", "2004-05-27T16:31:15Z"},
                                         Row{"2004年5月28日 11時23分", "2004-05-28T11:23:00Z"},
                                         Row{"2004年5月28日 下午3:05", "2004-05-28T15:05:00Z"},
                                         Row{"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"},
                                         Row{"2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"},
                                         Row{"Do, 29 Mär 2018 00:00:00 +0200", "2018-03-28T22:00:00Z"},
                                         Row{"Di, 23 Jan 2018 00:00:00 +0100", "2018-01-22T23:00:00Z"},
                                         Row{"mer, 9 avr 2018 00:00:00 +0200", "2018-04-08T22:00:00Z"},
                                         Row{"ven., 03 juil. 2020 15:09:58 +0000", "2020-07-03T15:09:58Z"},
                                         Row{"mar., 01 déc. 2020 16:11:02 +0000", "2020-12-01T16:11:02Z"},
                                         Row{"Lundi, 16. Novembre 2020 - 15:54", "2020-11-16T15:54:00Z"},
                                         Row{"ma, 3 mrt 2020 10:00:00 +0100", "2020-03-03T09:00:00Z"},
                                         Row{"Пт, 13 ноя 2020 10:00:00 +0300", "2020-11-13T07:00:00Z"},
                                         Row{"5 мая 2021", "2021-05-05T00:00:00Z"},
                                         Row{"1 août 2021", "2021-08-01T00:00:00Z"},
                                         Row{"lunedì 7 giugno 2021 09:30", "2021-06-07T09:30:00Z"},
                                         Row{"lunes, 7 de junio de 2021", "2021-06-07T00:00:00Z"},
                                         Row{"śr., 2 wrz 2020 08:00:00 +0200", "2020-09-02T06:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(
    None, Dates,
    testing::Values(Row{"", "-"}, Row{"   ", "-"}, Row{"invalid", "-"}, Row{"yesterday", "-"}, Row{"Mon", "-"},
                    Row{"12:00", "-"}, Row{"22013-", "-"}, Row{"013", "-"}, Row{"2013-01-27-01", "-"},
                    Row{"2013-xx-27", "-"}, Row{"2013-01-28T09:xx:00Z", "-"},
                    Row{"2013-01-28T11:30:00-06:00Textra", "-"}, Row{"2003-12-31T25:14:55Z", "-"},
                    Row{"2003-12-31T10:61:55Z", "-"}, Row{"2003-12-31T10:14:61Z", "-"},
                    Row{"9999-12-31T23:59:59-99:99", "-"}, Row{"Sun, 31 Dec 9999 23:59:59 -2300", "-"},
                    Row{"Sun, 16 Dec 2012 1:2:3:4 GMT", "-"}, Row{"Sun, 16 zzz 2012 11:47:32 GMT", "-"},
                    Row{"Sun, Dec x 2012 11:47:32 GMT", "-"}, Row{"Sun, 16 Dec zz 11:47:32 GMT", "-"},
                    Row{"Sun, 16 Dec 2012 11:47:32 +zz:00", "-"}, Row{"Sun, 99 Jun 2009 12:00:00 GMT", "-"},
                    Row{"30 Feb 2020", "-"}, Row{"2021-13-01", "-"}, Row{"0000-00-00 00:00:00", "-"}));

TEST(Dates, HostileTextIsNoDate) {
  EXPECT_FALSE(parse_date(std::string(1'000'000, '1')));
  EXPECT_FALSE(parse_date(std::string(90, '9')));
  EXPECT_FALSE(parse_date("99999999999999999999-99-99T99:99:99+99:99"));
}

}  // namespace
}  // namespace earshot::source
