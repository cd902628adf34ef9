# `cmake --install`: the program, the catalog's sources, the man page and completions, where Debian expects them.
if(NOT TARGET plimsoll)
  return()
endif()
install(TARGETS plimsoll RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")

# The catalog is inside the program; its sources are installed to be read, extended and copied from.
install(DIRECTORY checks profiles DESTINATION "${CMAKE_INSTALL_DATADIR}/plimsoll"
        FILES_MATCHING PATTERN "*.yaml" PATTERN "schema.json")

# Man page and completions are printed by the program from its one table of options, so they cannot drift from it.
set(pages "${PROJECT_BINARY_DIR}/pages")
file(MAKE_DIRECTORY "${pages}")
add_custom_command(
  OUTPUT "${pages}/plimsoll.1" "${pages}/plimsoll" "${pages}/_plimsoll" "${pages}/plimsoll.fish"
  COMMAND plimsoll man > "${pages}/plimsoll.1"
  COMMAND plimsoll completion bash > "${pages}/plimsoll"
  COMMAND plimsoll completion zsh > "${pages}/_plimsoll"
  COMMAND plimsoll completion fish > "${pages}/plimsoll.fish"
  DEPENDS plimsoll
  COMMENT "Printing the man page and the completions"
  VERBATIM)
add_custom_target(plimsoll_pages ALL DEPENDS "${pages}/plimsoll.1")
install(FILES "${pages}/plimsoll.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${pages}/plimsoll" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
# Debian's zsh looks in vendor-completions below /usr, and in site-functions below /usr/local.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  install(FILES "${pages}/_plimsoll" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
else()
  install(FILES "${pages}/_plimsoll" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
endif()
install(FILES "${pages}/plimsoll.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(FILES LICENSE README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}" OPTIONAL)
install(DIRECTORY examples/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")
