import Adjoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// OpenBLAS, loaded at run time, to be timed in turn with our matrix product.
struct OpenBLAS {
    // Order, transpositions, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc.
    private typealias Sgemm =
        @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>?, Int32,
            UnsafePointer<Float>?, Int32, Float, UnsafeMutablePointer<Float>?, Int32
        ) -> Void

    private let sgemm: Sgemm

    static func load() -> OpenBLAS? {
        for name in ["libopenblas.so.0", "libopenblas.dylib"] {
            if let library = dlopen(name, RTLD_NOW), let symbol = dlsym(library, "cblas_sgemm") {
                return OpenBLAS(sgemm: unsafeBitCast(symbol, to: Sgemm.self))
            }
        }
        return nil
    }

    /// Times the product of two n by n matrices: ours, which makes a new tensor for the result,
    /// and OpenBLAS's, which writes over an old one.
    ///
    /// The two take turns. Between them the threads of the one that ran are given time to stop
    /// waiting for work, and the other gets one call untimed, to load its caches.
    func compare(_ n: Int, _ runs: Int) -> [Measurement] {
        manualSeed(0)
        let (a, b) = (Tensor.randn(n, n), Tensor.randn(n, n))
        let (left, right) = (a.array(as: Float.self), b.array(as: Float.self))
        var result = [Float](repeating: 0, count: n * n)
        let repetitions = Products.repetitions(n)
        let size = Int32(n)
        let theirs = {
            sgemm(101, 111, 111, size, size, size, 1, left, size, right, size, 0, &result, size)
        }
        let ours = { _ = a.matmul(b) }
        var ourTimes: [Double] = []
        var theirTimes: [Double] = []
        for _ in 0..<runs {
            pause(milliseconds: 50)
            ours()
            ourTimes.append(seconds(repetitions, ours))
            pause(milliseconds: 50)
            theirs()
            theirTimes.append(seconds(repetitions, theirs))
        }
        let difference = zip(a.matmul(b).array(as: Float.self), result).map { abs($0 - $1) }.max()
        let (mine, other) = (Times(ourTimes), Times(theirTimes))
        let operations = 2 * Double(n) * Double(n) * Double(n)
        return [
            Measurement(
                workload: "gemm-\(n)", times: mine, peakBytes: PeakMemory.bytes,
                details: [
                    ("gflops", operations / mine.median / 1e9),
                    ("of_openblas", other.median / mine.median),
                    ("largest_difference", Double(difference ?? 0)),
                ]),
            Measurement(
                workload: "gemm-\(n)", framework: "openblas", times: other,
                peakBytes: PeakMemory.bytes,
                details: [("gflops", operations / other.median / 1e9)]),
        ]
    }
}
