# libtorch as one INTERFACE target, linked by path. Its own find_package(Torch) demands a whole CUDA toolkit where the
# build is a CUDA one; by path the CPU and the CUDA build are linked alike and need nothing but themselves.

set(libtorch_files)
foreach(name libtorch libtorch_cpu libc10 libtorch_cuda libc10_cuda)
  set(file "${TORCHWRIGHT_LIBTORCH}/lib/${name}${CMAKE_SHARED_LIBRARY_SUFFIX}")
  if(EXISTS "${file}")
    list(APPEND libtorch_files "${file}")
  elseif(NOT name MATCHES cuda)
    message(FATAL_ERROR "${file} is missing: the libtorch in ${TORCHWRIGHT_LIBTORCH} is not complete.")
  endif()
endforeach()

add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE "${TORCHWRIGHT_LIBTORCH}/include"
                                                     "${TORCHWRIGHT_LIBTORCH}/include/torch/csrc/api/include")
if(CMAKE_SYSTEM_NAME STREQUAL Linux)
  # No symbol of the CUDA libraries is named by us, but loading them is what registers their kernels. Libraries that
  # these need in their turn are found by their own run paths, which the linker does not follow.
  target_link_options(libtorch INTERFACE -Wl,--allow-shlib-undefined)
  target_link_libraries(libtorch INTERFACE -Wl,--no-as-needed ${libtorch_files} -Wl,--as-needed)

  # The two layouts of std::string cannot be mixed: take the one in the names that libtorch exports.
  file(STRINGS "${TORCHWRIGHT_LIBTORCH}/lib/libc10.so" new_layout LIMIT_COUNT 1 REGEX "__cxx11")
  if(new_layout)
    target_compile_definitions(libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
  else()
    target_compile_definitions(libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=0)
  endif()

  # at::parallel_for is a template that is parallel only where its user is compiled with OpenMP, and two OpenMP
  # runtimes in one process fight over the cores: use the one that libtorch brings.
  file(GLOB openmp_runtime "${TORCHWRIGHT_LIBTORCH}/lib/libgomp*.so*" "${TORCHWRIGHT_LIBTORCH}/../torch.libs/libgomp*.so*")
  if(openmp_runtime)
    list(GET openmp_runtime 0 openmp_runtime)
    target_compile_options(libtorch INTERFACE -fopenmp)
    target_link_libraries(libtorch INTERFACE "${openmp_runtime}")
  else()
    find_package(OpenMP REQUIRED COMPONENTS CXX)
    target_link_libraries(libtorch INTERFACE OpenMP::OpenMP_CXX)
  endif()
else()
  target_link_libraries(libtorch INTERFACE ${libtorch_files})
endif()
