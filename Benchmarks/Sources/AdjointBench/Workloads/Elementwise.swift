import Adjoint

/// One function over a large vector, its sum, and back.
enum Elementwise {
    private static let functions: [(name: String, body: (Tensor) -> Tensor)] = [
        ("tanh", { $0.tanh() }), ("exp", { $0.exp() }), ("gelu", { $0.gelu() }),
        ("sigmoid", { $0.sigmoid() }), ("relu", { $0.relu() }), ("mul", { $0 * $0 }),
    ]

    static let all: [Workload] =
        functions.flatMap { function in
            [("1m", 1_000_000, 20), ("16m", 16_000_000, 1)].map { size in
                Workload(
                    "\(function.name)-\(size.0)",
                    "\(function.name) of \(size.1) elements, sum, backward", repetitions: size.2
                ) {
                    let a = Tensor.randn(size.1, requiresGrad: true)
                    return .init(step: {
                        a.grad = nil
                        function.body(a).sum().backward()
                    })
                }
            }
        } + [chain]

    private static let chain = Workload(
        "chain-1m", "mean(tanh(sigmoid(a*b + a)*a - b)²) of 1,000,000 elements, backward to a",
        repetitions: 10
    ) {
        let a = Tensor.randn(1_000_000, requiresGrad: true)
        let b = Tensor.randn(1_000_000)
        return .init(step: {
            a.grad = nil
            (((a * b + a).sigmoid() * a - b).tanh() ** 2).mean().backward()
        })
    }
}
