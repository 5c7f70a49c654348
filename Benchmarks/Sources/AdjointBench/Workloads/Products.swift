import Adjoint

/// Square matrix products without gradients.
enum Products {
    static let all = [64, 256, 1024].map { n in
        Workload(
            "gemm-\(n)", "the product of two \(n) x \(n) matrices, no gradient",
            repetitions: repetitions(n), squareProduct: n
        ) {
            let (a, b) = (Tensor.randn(n, n), Tensor.randn(n, n))
            return .init(step: { _ = a.matmul(b) })
        }
    }

    static func repetitions(_ n: Int) -> Int { max(1, 2000 / n) }
}
