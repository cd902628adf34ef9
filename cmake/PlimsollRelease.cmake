# The one-file build: everything static but libc, no libc symbol newer than GLIBC_2.34, hardened, and quick to start.
# docs/decisions/0003-one-file-release.md has the reasons and the figures. Included before any target is made.
if(NOT PLIMSOLL_STATIC)
  return()
endif()
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Assertions stay: a program that notices it is wrong must stop, not give a verdict.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")
add_compile_options(-ffunction-sections -fdata-sections -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
                    $<$<COMPILE_LANGUAGE:CXX>:-D_GLIBCXX_ASSERTIONS>)
# GCC 12 at -O2 sees overlaps in string concatenation that are not there (its bug 105651).
add_compile_options($<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
add_link_options(-static-libstdc++ -static-libgcc -Wl,--gc-sections,--as-needed,-O1,--hash-style=gnu
                 -Wl,-z,relro,-z,now,-z,noexecstack)

add_library(plimsoll_portable OBJECT "${PROJECT_SOURCE_DIR}/cmake/portable/glibc_2_34.cpp")
set_target_properties(plimsoll_portable PROPERTIES CXX_STANDARD 20)

# plimsoll_one_file(target): what a program needs to run on an older glibc.
function(plimsoll_one_file target)
  target_link_libraries(${target} PRIVATE plimsoll_portable)
endfunction()
