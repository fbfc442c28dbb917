# How everything in the house is compiled, and the words its CMakeLists are written in:
#   earshot_room(core/query SOURCES … LINKS …)      a room of the daemon: static library earshot::query
#   earshot_plugin(sources feed SOURCES … LINKS …)  a loadable plugin: sources/feed.so, its schema and sample embedded
#   earshot_unit_test(query LINKS …)                tests/unit/query/*.cpp as one GoogleTest program
#   earshot_bench(query LINKS …)                    tests/bench/query/*.cpp as one Google Benchmark program
#   earshot_fuzzer(query LINKS …)                   tests/fuzz/query/*.cpp as one libFuzzer program (preset fuzz)
#   earshot_subfolders()                            every folder below that has a CMakeLists.txt

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)      # one build of plugins/common serves plugins and tests alike
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

set(EARSHOT_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(EARSHOT_FUZZ "Build the fuzzers (needs clang)" OFF)
option(EARSHOT_WERROR "Warnings are errors" OFF)

find_program(CCACHE ccache)
if(CCACHE)
  # gcc's precompiled headers are cacheable only with these two sloppinesses (ccache manual, "Precompiled headers").
  # Depend mode: on a miss the file is parsed once, not twice (ccache manual, "The depend mode").
  set(_ccache ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_DEPEND=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${_ccache})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${_ccache})
endif()
find_program(LLD ld.lld)
if(LLD)
  add_link_options(-fuse-ld=lld)   # half the link time of bfd with this many static libraries
endif()

add_library(earshot_options INTERFACE)
target_compile_options(earshot_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wcast-align -Wunused -Wformat=2
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>
  $<$<BOOL:${EARSHOT_WERROR}>:-Werror> $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
target_compile_definitions(earshot_options INTERFACE
  $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2> BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_compile_options(earshot_options INTERFACE -fstack-protector-strong)
target_link_options(earshot_options INTERFACE -Wl,-z,relro,-z,now)
if(EARSHOT_SANITIZE)
  add_compile_options(-fsanitize=${EARSHOT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${EARSHOT_SANITIZE})
  if(EARSHOT_SANITIZE MATCHES undefined AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # A quarter of the compile time goes into these three. AddressSanitizer stops at a null pointer just as well.
    add_compile_options(-fno-sanitize=null,vptr,object-size)
  endif()
endif()
if(EARSHOT_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

function(earshot_room PATH)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE" ${ARGN})
  get_filename_component(name ${PATH} NAME)
  add_library(earshot_${name} STATIC ${ROOM_SOURCES})
  add_library(earshot::${name} ALIAS earshot_${name})
  target_include_directories(earshot_${name} PUBLIC ${PROJECT_SOURCE_DIR}/daemon)
  target_link_libraries(earshot_${name} PUBLIC ${ROOM_LINKS} PRIVATE earshot_options ${ROOM_PRIVATE})
endfunction()

# What find_package(Earshot) gives others, our own plugins are built with too.
set(EARSHOT_EXPORTS_MAP ${PROJECT_SOURCE_DIR}/plugins/exports.map)
set(EARSHOT_EMBEDDED_IN ${PROJECT_SOURCE_DIR}/packaging/cmake/embedded.h.in)
set(EARSHOT_PLUGIN_DIR ${CMAKE_INSTALL_LIBDIR}/earshot)
include(EarshotPlugin)

function(earshot_plugin KIND NAME)
  cmake_parse_arguments(PLUGIN "" "" "SOURCES;LINKS" ${ARGN})
  earshot_add_plugin(${KIND} ${NAME} SOURCES ${PLUGIN_SOURCES} LINKS earshot_options ${PLUGIN_LINKS})
  target_include_directories(plugin_${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/plugins)
  if(NOT EARSHOT_SANITIZE AND NOT EARSHOT_FUZZ)
    target_link_options(plugin_${NAME} PRIVATE -Wl,--no-undefined)
  endif()
  set_property(GLOBAL APPEND PROPERTY EARSHOT_PLUGINS plugin_${NAME})
endfunction()

function(earshot_unit_test NAME)
  cmake_parse_arguments(TEST "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_executable(unit_${NAME} ${sources})
  target_include_directories(unit_${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(unit_${NAME} PRIVATE earshot_options ${TEST_LINKS} GTest::gtest_main GTest::gmock)
  add_test(NAME unit.${NAME} COMMAND unit_${NAME} --gtest_brief=1)
  set_tests_properties(unit.${NAME} PROPERTIES LABELS unit TIMEOUT 600)
  set_property(GLOBAL APPEND PROPERTY EARSHOT_CHECKS unit_${NAME})
endfunction()

function(earshot_bench NAME)
  cmake_parse_arguments(BENCH "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(bench_${NAME} EXCLUDE_FROM_ALL ${sources})
  target_include_directories(bench_${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(bench_${NAME} PRIVATE earshot_options ${BENCH_LINKS} benchmark::benchmark)
  set_property(GLOBAL APPEND PROPERTY EARSHOT_BENCHES bench_${NAME})
endfunction()

function(earshot_fuzzer NAME)
  cmake_parse_arguments(FUZZ "" "" "LINKS" ${ARGN})
  if(EARSHOT_FUZZ)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    add_executable(fuzz_${NAME} ${sources})
    target_include_directories(fuzz_${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(fuzz_${NAME} PRIVATE earshot_options ${FUZZ_LINKS} -fsanitize=fuzzer)
  endif()
endfunction()

function(earshot_subfolders)
  file(GLOB lists CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  foreach(list ${lists})
    get_filename_component(folder ${list} DIRECTORY)
    add_subdirectory(${folder})
  endforeach()
endfunction()
