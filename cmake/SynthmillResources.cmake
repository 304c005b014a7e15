# synthmill_embed_resources(<target> <dir>)
#
# Bakes <dir>/**.{yaml,csv,sql} into <target>, so that the binary works from any folder; src/core/
# resources.h hands them out by their name relative to <dir>. The assembler's .incbin takes the bytes
# as they are (quick at any size); a changed file is assembled and linked again, an added or removed
# one makes CMake run again.

set(_resources_table_in "${CMAKE_CURRENT_LIST_DIR}/resources.inc.in")

function(synthmill_embed_resources target dir)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS "${dir}/*.yaml" "${dir}/*.csv" "${dir}/*.sql")
  list(SORT files)

  set(assembly "    .section .rodata\n")
  set(RESOURCE_SYMBOLS "")
  set(RESOURCE_ENTRIES "")
  set(index 0)
  foreach(file IN LISTS files)
    file(RELATIVE_PATH name "${dir}" "${file}")
    set(symbol "synthmill_resource_${index}")
    string(APPEND assembly
      "    .global ${symbol}_begin\n    .global ${symbol}_end\n"
      "    .hidden ${symbol}_begin\n    .hidden ${symbol}_end\n"
      "${symbol}_begin:\n    .incbin \"${file}\"\n${symbol}_end:\n    .byte 0\n")
    string(APPEND RESOURCE_SYMBOLS
      "extern \"C\" const char ${symbol}_begin[], ${symbol}_end[];\n")
    string(APPEND RESOURCE_ENTRIES "    {\"${name}\", ${symbol}_begin, ${symbol}_end},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly "    .section .note.GNU-stack,\"\",%progbits\n")

  set(out "${PROJECT_BINARY_DIR}/generated")
  file(CONFIGURE OUTPUT "${out}/resources.S" CONTENT "${assembly}" @ONLY)  # written only if changed
  configure_file("${_resources_table_in}" "${out}/resources.inc" @ONLY)

  set_source_files_properties("${out}/resources.S" PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE "${out}/resources.S")
endfunction()
