# plimsoll_library(core HEADERS … SOURCES … NEEDS … LINKS …)
#   One static library per folder. NEEDS names other folders and is the only place where an edge between folders is
#   added; LINKS names third-party libraries. Each header is compiled alone by all_verify_interface_header_sets.
# plimsoll_test(unit_core SOURCES … NEEDS …)
#   One Catch2 program per folder, registered with ctest.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

add_library(plimsoll_flags INTERFACE)
target_compile_options(plimsoll_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum
  # GCC 13 and 14 guess wrongly about std::optional of std::variant; the sanitizers look at what is really read.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>:-Wno-maybe-uninitialized>
  # Clang blames GCC 12's std::stable_sort for a deprecated call of its own.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<BOOL:${PLIMSOLL_WERROR}>:-Werror>)
target_compile_features(plimsoll_flags INTERFACE cxx_std_23)
target_include_directories(plimsoll_flags INTERFACE "${PROJECT_SOURCE_DIR}")

function(plimsoll_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;NEEDS;LINKS;PRIVATE_LINKS")
  add_library(plimsoll_${name} STATIC ${arg_SOURCES})
  add_library(plimsoll::${name} ALIAS plimsoll_${name})
  target_sources(plimsoll_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${arg_HEADERS})
  list(TRANSFORM arg_NEEDS PREPEND plimsoll::)
  target_link_libraries(plimsoll_${name} PUBLIC plimsoll_flags plimsoll::fmt ${arg_NEEDS} ${arg_LINKS}
                        PRIVATE ${arg_PRIVATE_LINKS})
endfunction()

function(plimsoll_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;NEEDS;LINKS")
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_NEEDS PREPEND plimsoll::)
  target_link_libraries(${name} PRIVATE plimsoll_test_main ${arg_NEEDS} ${arg_LINKS})
  target_compile_definitions(${name} PRIVATE PLIMSOLL_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             PLIMSOLL_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
endfunction()
