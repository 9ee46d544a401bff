# make install: the program, its man pages, and the completions that it prints itself.
include(GNUInstallDirs)
install(TARGETS tailrace RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

file(GLOB man_pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/man/*.[1-9])
foreach(page ${man_pages})
  string(REGEX MATCH "[1-9]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

set(completions ${CMAKE_BINARY_DIR}/completions)
install(CODE "
  file(MAKE_DIRECTORY ${completions})
  foreach(shell bash zsh fish)
    execute_process(COMMAND $<TARGET_FILE:tailrace> --completions \${shell}
                    OUTPUT_FILE ${completions}/tailrace.\${shell} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()")
install(FILES ${completions}/tailrace.bash RENAME tailrace
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/tailrace.zsh RENAME _tailrace
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${completions}/tailrace.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
