import AdjointCore

// Derivatives of derivatives: s(x, w) = <u, Jᵀ(x) w> for a fixed u. Its gradient by reverse over
// reverse is checked against finite differences; forward over reverse, and reverse over forward
// (of <J(x) u, w>, the same function), against that.

extension Trial {
    func secondOrder() -> [Finding] {
        guard isSmooth else { return [] }
        let leaves = leaves(inputs, numbers)
        let outputs = smooth(run(leaves))
        if outputs.isEmpty || outputs.contains(where: { $0.dtype != .float64 }) { return [] }
        let weights = cotangents(outputs)
        let fixed = numbers.map { change($0, 300 + $0) }
        let points = numbers.map { inputs[$0] } + weights

        func weighed(_ points: [Tensor], create: Bool) -> Tensor {
            var all = inputs
            for (i, point) in zip(numbers, points) { all[i] = point }
            let wrt = numbers.map { all[$0] }
            let pulled = pull(
                smooth(run(all)), wrt, Array(points.dropFirst(numbers.count)), create: create)
            let terms = zip(pulled, fixed).map { ($0 * $1).sum() }
            return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
        }
        let variables = points.map { $0.detach().requiresGrad_() }
        let gradients = pull([weighed(variables, create: true)], variables, [one], create: true)
        let found = compare(gradients, points, eps: 1e-5, "the second derivative") { changed in
            let leaves = changed.enumerated().map {
                $0 < numbers.count ? $1.detach().requiresGrad_() : $1
            }
            return weighed(leaves, create: false).item()
        }
        return found.isEmpty
            ? forwardOverReverse(gradients, points, weighed)
                + reverseOverForward(gradients, weights, fixed) : found
    }

    private var one: Tensor { Tensor(1.0, dtype: .float64) }

    private func forwardOverReverse(
        _ gradients: [Tensor], _ points: [Tensor], _ weighed: ([Tensor], Bool) -> Tensor
    ) -> [Finding] {
        let directions = points.enumerated().map { i, point in
            i < numbers.count ? change(numbers[i], 400 + i) : random(like: point, 400 + i)
        }
        let tangent: Double = forwardMode { level in
            let duals = zip(points, directions).map {
                level.makeDual($0.detach().requiresGrad_(), tangent: $1)
            }
            return level.unpackDual(weighed(duals, true)).tangent?.item() ?? 0
        }
        let expected = inner(gradients.map { $0.detach() }, directions)
        if agree(tangent, expected) { return [] }
        return [
            finding(
                "forward over reverse gives \(tangent), and reverse over reverse \(expected.value)")
        ]
    }

    private func reverseOverForward(
        _ gradients: [Tensor], _ weights: [Tensor], _ fixed: [Tensor]
    ) -> [Finding] {
        let leaves = leaves(inputs, numbers)
        let carries = run(leaves).map(\.requiresGrad)
        var directions: [Int: Tensor] = [:]
        for (i, direction) in zip(numbers, fixed) { directions[i] = direction }
        let tangents = zip(push(leaves, directions), carries).filter(\.1).map { $0.0.tangent }
        var terms: [Tensor] = []
        for (tangent, weight) in zip(tangents, weights) {
            if let tangent { terms.append((tangent * weight).sum()) }
        }
        let wrt = numbers.map { leaves[$0] }
        let roots = terms.filter(\.requiresGrad)
        let found = pull(roots, wrt, roots.map { _ in one })
        for (i, (actual, expected)) in zip(found, gradients).enumerated() {
            if let text = difference(actual, expected.detach(), 1e-9, 1e-9) {
                return [finding("reverse over forward, input \(i): \(text)")]
            }
        }
        return []
    }

    private func agree(_ actual: Double, _ expected: (value: Double, scale: Double)) -> Bool {
        (actual - expected.value).magnitude <= 1e-9 * (1 + expected.scale)
    }
}
