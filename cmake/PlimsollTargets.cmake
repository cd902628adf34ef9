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

# A third of a build's time goes into the same standard headers. Each set of flags compiles them once, and every other
# target of the same kind takes that (engine, tests). Where ccache is used, scripts/env.sh tells it so.
option(PLIMSOLL_PRECOMPILE "Compile the common headers once" OFF)
function(plimsoll_precompile target kind)
  if(NOT PLIMSOLL_PRECOMPILE)
    return()
  endif()
  # The first is what ccache needs to see through a precompiled header of GCC. The others: GCC forgets that what it has
  # precompiled is the system's, and shows its false alarms about std::string (its bug 105651); Clang, which does
  # without, still looks.
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess;-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow>")
  if(TARGET plimsoll_precompiled_${kind})
    target_precompile_headers(${target} REUSE_FROM plimsoll_precompiled_${kind})
  endif()
endfunction()

# plimsoll_precompiled(engine …): the target that holds the headers of one kind; the rest is what it links.
function(plimsoll_precompiled kind)
  if(PLIMSOLL_PRECOMPILE)
    add_library(plimsoll_precompiled_${kind} OBJECT "${PROJECT_SOURCE_DIR}/cmake/precompiled/${kind}.cpp")
    target_link_libraries(plimsoll_precompiled_${kind} PRIVATE plimsoll_flags ${ARGN})
    target_compile_options(plimsoll_precompiled_${kind} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
    target_precompile_headers(plimsoll_precompiled_${kind}
                              PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${PROJECT_SOURCE_DIR}/cmake/precompiled/${kind}.hpp>")
  endif()
endfunction()
plimsoll_precompiled(engine plimsoll::fmt)

function(plimsoll_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;NEEDS;LINKS;PRIVATE_LINKS")
  add_library(plimsoll_${name} STATIC ${arg_SOURCES})
  add_library(plimsoll::${name} ALIAS plimsoll_${name})
  target_sources(plimsoll_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${arg_HEADERS})
  list(TRANSFORM arg_NEEDS PREPEND plimsoll::)
  target_link_libraries(plimsoll_${name} PUBLIC plimsoll_flags plimsoll::fmt ${arg_NEEDS} ${arg_LINKS}
                        PRIVATE ${arg_PRIVATE_LINKS})
  plimsoll_precompile(plimsoll_${name} engine)
endfunction()

function(plimsoll_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;NEEDS;LINKS")
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_NEEDS PREPEND plimsoll::)
  target_link_libraries(${name} PRIVATE plimsoll_test_main ${arg_NEEDS} ${arg_LINKS})
  plimsoll_precompile(${name} tests)
  target_compile_definitions(${name} PRIVATE PLIMSOLL_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             PLIMSOLL_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
endfunction()
