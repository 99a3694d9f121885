#include "kernels.h"

namespace conednn {

namespace portable {
#include "kernels.inc"
}

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace avx2 {
#include "kernels.inc"
}
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))), apply_to = function)
namespace avx512 {
#include "kernels.inc"
}
#pragma clang attribute pop
#endif

const Kernels &kernels() {
#if defined(__x86_64__)
    static const Kernels &chosen =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512dq")
            ? avx512::table
        : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2::table
                                                                           : portable::table;
    return chosen;
#else
    return portable::table;
#endif
}

}  // namespace conednn
