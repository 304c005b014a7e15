# Synthmill::options: how all code of the project is compiled and linked.

add_library(synthmill_options INTERFACE)
add_library(Synthmill::options ALIAS synthmill_options)

# -ffp-contract=off: fused multiply-add would round differently from machine to machine.
target_compile_options(synthmill_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-ffp-contract=off>)

if(SYNTHMILL_WERROR)
  target_compile_options(synthmill_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
  # Flow warnings that GCC 12 to 14 are known to raise falsely inside the standard library: they stay
  # warnings, so that another compiler version doesn't break somebody's first build.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(synthmill_options INTERFACE
      $<$<COMPILE_LANGUAGE:CXX>:-Wno-error=maybe-uninitialized;-Wno-error=restrict;-Wno-error=array-bounds;-Wno-error=stringop-overflow;-Wno-error=stringop-overread;-Wno-error=free-nonheap-object>)
  endif()
endif()

# Without the checks of pointers that the address sanitizer or a crash finds as well: they are a fifth
# of the compile time.
if(SYNTHMILL_SANITIZE)
  target_compile_options(synthmill_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${SYNTHMILL_SANITIZE};-fno-sanitize=null,vptr,object-size;-fno-sanitize-recover=all>)
  target_link_options(synthmill_options INTERFACE -fsanitize=${SYNTHMILL_SANITIZE})
endif()

# Only libraries that are used are loaded at start-up.
target_link_options(synthmill_options INTERFACE -Wl,--as-needed)

find_program(SYNTHMILL_CCACHE ccache)
if(SYNTHMILL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${SYNTHMILL_CCACHE}")
endif()
