# earshot_add_plugin(sources|sinks NAME SOURCES … [LINKS …]): a loadable plugin, target plugin_NAME, built as
# <build>/plugins/<kind>/NAME.so and installed to where Earshot looks for it. Used by Earshot's own build and, through
# find_package(Earshot), by everybody else's.
#
# Only `earshot_plugin_v1` is visible in it, so that libraries linked into two plugins never meet. Where the folder has
# schema.json and sample.yaml, C++ sources find them as earshot::embedded::schema and ::sample in "embedded.h".
#
# From its includer: EARSHOT_EXPORTS_MAP, EARSHOT_EMBEDDED_IN (files), EARSHOT_PLUGIN_DIR (where plugins are installed).
function(earshot_add_plugin KIND NAME)
  cmake_parse_arguments(PLUGIN "" "" "SOURCES;LINKS" ${ARGN})
  if(NOT KIND MATCHES "^(sources|sinks)$")
    message(FATAL_ERROR "earshot_add_plugin: a plugin is one of sources or sinks, not ${KIND}")
  endif()
  set(target plugin_${NAME})
  set(dir ${CMAKE_CURRENT_SOURCE_DIR})
  add_library(${target} MODULE ${PLUGIN_SOURCES})
  if(EXISTS ${dir}/schema.json AND EXISTS ${dir}/sample.yaml)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${dir}/schema.json ${dir}/sample.yaml)
    file(READ ${dir}/schema.json EARSHOT_PLUGIN_SCHEMA)
    file(READ ${dir}/sample.yaml EARSHOT_PLUGIN_SAMPLE)
    configure_file(${EARSHOT_EMBEDDED_IN} ${CMAKE_CURRENT_BINARY_DIR}/gen/embedded.h @ONLY)
    target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/gen)
  endif()
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${NAME}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins/${KIND}
    LINK_DEPENDS ${EARSHOT_EXPORTS_MAP})
  target_link_libraries(${target} PRIVATE Earshot::plugin ${PLUGIN_LINKS})
  target_link_options(${target} PRIVATE -Wl,--version-script=${EARSHOT_EXPORTS_MAP})
  install(TARGETS ${target} LIBRARY DESTINATION ${EARSHOT_PLUGIN_DIR}/${KIND})
endfunction()
