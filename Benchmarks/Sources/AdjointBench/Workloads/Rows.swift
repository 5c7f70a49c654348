import Adjoint

/// Work along the rows or columns of a 4096 by 4096 matrix, its sum, and back.
enum Rows {
    static let all = [
        workload("sum-dim0-4096", "x.sum(0)") { $0.sum(dim: 0) },
        workload("sum-dim1-4096", "x.sum(1)") { $0.sum(dim: 1) },
        workload("softmax-4096", "softmax(x, 1) * x.detach()") {
            $0.softmax(dim: 1) * $0.detach()
        },
        workload("transpose-copy-4096", "x.t().contiguous() * 2") { $0.t().contiguous() * 2 },
    ]

    private static func workload(
        _ name: String, _ formula: String, _ body: @escaping @Sendable (Tensor) -> Tensor
    ) -> Workload {
        Workload(name, "\(formula) of a 4096 x 4096 tensor, sum, backward") {
            let x = Tensor.randn(4096, 4096, requiresGrad: true)
            return .init(step: {
                x.grad = nil
                body(x).sum().backward()
            })
        }
    }
}
