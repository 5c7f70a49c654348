import AdjointCore

// What is computed for one input must not depend on which others want a gradient.

extension Trial {
    func subsets() -> [Finding] {
        guard isSmooth else { return [] }
        let full = gradients(inputs, numbers)
        let directions = directions(numbers)
        let leaves = leaves(inputs, numbers)
        let outputs = smooth(run(leaves))
        let weights = cotangents(outputs)
        var found: [Finding] = []
        for subset in Self.subsets(of: numbers) {
            let partial = gradients(inputs, subset)
            for (gradient, i) in zip(partial, subset) {
                let expected = full[numbers.firstIndex(of: i)!]
                if let text = difference(gradient, expected, 1e-12, 1e-12) {
                    found.append(
                        finding(
                            "with only inputs \(subset) requiring gradients, input \(i): \(text)"))
                }
            }
            found += law(subset, directions, full, weights, outputs)
        }
        return found + aliased()
    }

    /// The adjoint law where only the inputs in `subset` have a tangent.
    private func law(
        _ subset: [Int], _ directions: [Int: Tensor], _ full: [Tensor], _ weights: [Tensor],
        _ outputs: [Tensor]
    ) -> [Finding] {
        let pushed = push(inputs, directions.filter { subset.contains($0.key) })
        let carries = run(leaves(inputs, numbers)).map(\.requiresGrad)
        let tangents = zip(pushed, carries).filter(\.1).map { $0.0.tangent }
        let left = inner(zip(tangents, weights).map { $0 ?? Tensor.zerosLike($1) }, weights)
        let right = inner(
            subset.map { directions[$0]! },
            subset.map { full[numbers.firstIndex(of: $0)!] })
        if (left.value - right.value).magnitude <= 1e-11 * (left.scale + right.scale) + 1e-300 {
            return []
        }
        return [
            finding(
                "with tangents on inputs \(subset) alone <J v, w> is \(left.value), and "
                    + "<v, Jᵀ w> is \(right.value)")
        ]
    }

    /// One tensor at two places gets the sum of both gradients.
    private func aliased() -> [Finding] {
        guard numbers.count >= 2 else { return [] }
        let (i, j) = (numbers[0], numbers[1])
        guard inputs[i].shape == inputs[j].shape else { return [] }
        var twins = inputs
        twins[j] = inputs[i].clone()
        let apart = gradients(twins, [i, j])
        let leaf = inputs[i].detach().requiresGrad_()
        var same = inputs
        (same[i], same[j]) = (leaf, leaf)
        let outputs = smooth(run(same))
        let together = pull(outputs, [leaf], cotangents(outputs))[0]
        return difference(together, apart[0] + apart[1], 1e-11, 1e-11)
            .map { [finding("one tensor as inputs \(i) and \(j): \($0)")] } ?? []
    }

    /// Every subset but the empty one; with more than five, the single ones and all but one.
    static func subsets(of positions: [Int]) -> [[Int]] {
        if positions.count > 5 {
            return positions.map { [$0] } + positions.map { i in positions.filter { $0 != i } }
        }
        return (1..<(1 << positions.count)).map { bits in
            positions.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element)
        }
    }
}
