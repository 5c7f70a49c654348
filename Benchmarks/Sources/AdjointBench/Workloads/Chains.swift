import Adjoint

/// Many operations on next to no data: what the engine itself costs.
enum Chains {
    /// Two operations a link. The forward and the backward half are timed separately too.
    static let tiny = Workload(
        "tiny-chain", "z = z * y + x, 1,000 times, on shape [1], then backward"
    ) {
        let links = 1000
        let clock = ContinuousClock()
        let x = Tensor([2.0], requiresGrad: true)
        let y = Tensor([0.5], requiresGrad: true)
        var forward: [Double] = []
        var total: [Double] = []
        func step() {
            let start = clock.now
            var z = x
            for _ in 0..<links { z = z * y + x }
            let middle = clock.now
            x.grad = nil
            y.grad = nil
            z.backward()
            z = x  // the graph is let go within the time
            let operations = Double(2 * links)
            forward.append((middle - start).seconds * 1e9 / operations)
            total.append((clock.now - start).seconds * 1e9 / operations)
        }
        return .init(
            step: step,
            details: { count in
                [
                    ("forward_ns_per_operation", Times(forward.suffix(count)).median),
                    ("total_ns_per_operation", Times(total.suffix(count)).median),
                ]
            })
    }

    static let deep = Workload(
        "deep-chain-100k", "w = w * 1.0000001, 100,000 times on shape [1], backward, freed"
    ) {
        .init(step: {
            let x = Tensor([1.0], requiresGrad: true)
            var w = x
            for _ in 0..<100_000 { w = w * 1.000_000_1 }
            w.backward()
        })
    }
}
