import Adjoint

/// One function over a large vector, its sum, and back.
enum Elementwise {
    private static let functions: [(name: String, body: @Sendable (Tensor) -> Tensor)] = [
        ("tanh", { $0.tanh() }), ("exp", { $0.exp() }), ("gelu", { $0.gelu() }),
        ("sigmoid", { $0.sigmoid() }), ("relu", { $0.relu() }), ("mul", { $0 * $0 }),
    ]

    static let all: [Workload] =
        functions.flatMap { function in
            [(1, 20), (16, 1)].map { millions, repetitions in
                Workload(
                    "\(function.name)-\(millions)m",
                    "\(function.name) of \(millions),000,000 elements, sum, backward",
                    repetitions: repetitions
                ) {
                    let a = Tensor.randn(millions * 1_000_000, requiresGrad: true)
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
