// The third program of the README: a recording of what a program computes, forward and back.
import Adjoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

let x = Tensor([2.0], requiresGrad: true)
try Trace.record(to: "run.trace.jsonl", named: [("x", x)]) {
    (x ** 2 + 3 * x).backward()
}

print(x.grad!, unlink("run.trace.jsonl") == 0)  // prints: tensor([7.]) true
