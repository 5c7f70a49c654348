import AdjointCore

// The operation under `vmap` against a loop over the samples: results, gradients and tangents, for
// gradients taken inside and outside, with every operand mapped and with each one alone.

extension Trial {
    func batches() -> [Finding] {
        let others = sample.inputs.indices.map {
            sample.inputs[$0].make(seed: 51 + $0, dtype: inputs[$0].dtype)
        }
        let all = Array(inputs.indices)
        var found = mapped(all, others, at: 0)
        let movesElements = !type(of: op).readsStrides
        if found.isEmpty, movesElements { found += mapped(all, others, at: -1) }
        if inputs.count > 1 {
            for i in all where found.isEmpty { found += mapped([i], others, at: 0) }
        }
        return found
    }

    private func mapped(_ chosen: [Int], _ others: [Tensor], at dim: Int) -> [Finding] {
        let batch = MappedInputs(inputs, others, chosen, dim)
        let place = "mapped over inputs \(chosen) at dim \(dim)"
        do {
            return try catchingTensorErrors {
                differences(batch.map(run), batch.loop(run), place)
                    + (isSmooth ? gradients(batch, place) + tangents(batch, place) : [])
            }
        } catch {
            // Some operations have a result whose shape the elements decide: they say so.
            let text = "\(error)"
            return text.contains("data-dependent control flow")
                ? [] : [finding("\(place): \(text)")]
        }
    }

    private func differences(_ actual: [Tensor], _ expected: [Tensor], _ what: String) -> [Finding]
    {
        if actual.count != expected.count {
            return [finding("\(what): \(actual.count) results in place of \(expected.count)")]
        }
        for (i, (p, q)) in zip(actual, expected).enumerated() {
            if p.dtype != q.dtype {
                return [finding("\(what): result \(i) is \(p.dtype) in place of \(q.dtype)")]
            }
            if let text = difference(p, q, 1e-9, 1e-7) {
                return [finding("\(what): result \(i): \(text)")]
            }
        }
        return []
    }

    private func gradients(_ batch: MappedInputs, _ place: String) -> [Finding] {
        let expected = batch.rows.map { gradients($0, numbers) }
        let stacked = numbers.indices.map { i in Tensor.stack(expected.map { $0[i] }) }
        let inside = batch.map { gradients($0, numbers) }
        let found = differences(inside, stacked, "gradients inside, \(place)")
        if !found.isEmpty { return found }
        let leaves = leaves(batch.whole, numbers)
        let outputs = smooth(batch.map(leaves, run))
        let weights = cotangents(smooth(run(self.leaves(batch.rows[0], numbers))))
        let outside = pull(
            outputs, numbers.map { leaves[$0] },
            zip(outputs, weights).map { $1.expand($0.shape) })
        let summed = numbers.enumerated().map { i, n in
            batch.isMapped(n)
                ? Tensor.stack(expected.map { $0[i] }, dim: batch.dim) : stacked[i].sum(dim: 0)
        }
        return differences(outside, summed, "gradients outside, \(place)")
    }

    private func tangents(_ batch: MappedInputs, _ place: String) -> [Finding] {
        func tangents(_ inputs: [Tensor]) -> [Tensor] {
            push(inputs, directions(numbers)).map { $0.tangent ?? Tensor.zerosLike($0.value) }
        }
        let expected = batch.rows.map(tangents)
        let stacked = expected[0].indices.map { i in Tensor.stack(expected.map { $0[i] }) }
        let found = differences(batch.map(tangents), stacked, "tangents inside, \(place)")
        if !found.isEmpty { return found }
        let outside = forwardMode { level in
            let duals = batch.whole.enumerated().map { i, input in
                let direction = directions(numbers)[i]
                return direction.map {
                    level.makeDual(input, tangent: batch.repeated($0, i))
                } ?? input
            }
            return batch.map(duals, run).map { output in
                let (primal, tangent) = level.unpackDual(output)
                return tangent ?? Tensor.zerosLike(primal)
            }
        }
        return differences(outside, stacked, "tangents outside, \(place)")
    }
}

/// Two samples of each of the `chosen` inputs, one of the others.
private struct MappedInputs {
    let rows: [[Tensor]]
    /// The inputs with both samples along `dim`.
    let whole: [Tensor]
    let dim: Int
    private let dims: [Int?]

    init(_ first: [Tensor], _ second: [Tensor], _ chosen: [Int], _ dim: Int) {
        self.dim = dim
        dims = first.indices.map { chosen.contains($0) ? dim : nil }
        rows = [first, first.indices.map { chosen.contains($0) ? second[$0] : first[$0] }]
        whole = first.indices.map {
            chosen.contains($0) ? Tensor.stack([first[$0], second[$0]], dim: dim) : first[$0]
        }
    }

    func isMapped(_ i: Int) -> Bool { dims[i] != nil }

    /// The same tensor for both samples of input `i`.
    func repeated(_ tensor: Tensor, _ i: Int) -> Tensor {
        isMapped(i) ? Tensor.stack([tensor, tensor], dim: dim) : tensor
    }

    func map(_ f: @escaping ([Tensor]) -> [Tensor]) -> [Tensor] { map(whole, f) }

    func map(_ inputs: [Tensor], _ f: @escaping ([Tensor]) -> [Tensor]) -> [Tensor] {
        AdjointCore.vmap(inDims: dims, f)(inputs)
    }

    func loop(_ f: ([Tensor]) -> [Tensor]) -> [Tensor] {
        let results = rows.map(f)
        return results[0].indices.map { i in Tensor.stack(results.map { $0[i] }) }
    }
}
