import AdjointCore

// The same numbers elsewhere in memory must give the same results, gradients and tangents.

extension Trial {
    /// A way to lay numbers out.
    private enum Place: String, CaseIterable {
        case transposed, stepped, offset, expanded
    }

    func layouts() -> [Finding] {
        if type(of: op).readsStrides { return [] }
        var found: [Finding] = []
        for i in inputs.indices {
            for place in Place.allCases {
                var (dense, placed) = (inputs, inputs)
                guard let moved = lay(inputs[i], place) else { continue }
                // An expanded input repeats numbers: the dense one must repeat them too.
                dense[i] = moved.clone()
                placed[i] = moved
                found += compare(placed, dense, "input \(i) \(place.rawValue)")
            }
        }
        let everywhere = inputs.map { lay($0, .stepped) ?? $0 }
        found += compare(everywhere, inputs, "all inputs stepped")
        return found + cotangentLayouts()
    }

    /// `tensor` as a view of that kind; nil where there is none.
    private func lay(_ tensor: Tensor, _ place: Place) -> Tensor? {
        let n = tensor.ndim
        switch place {
        case .transposed:
            if n < 2 { return nil }
            let order = Array((0..<n).reversed())
            return tensor.permute(order).clone().permute(order)
        case .stepped:
            if n == 0 || tensor.numel == 0 { return nil }
            return embed(tensor, step: 2)
        case .offset:
            if tensor.numel == 0 { return nil }
            return n == 0 ? embed(tensor.reshape(1), step: 1).reshape([]) : embed(tensor, step: 1)
        case .expanded:
            guard let dim = tensor.shape.firstIndex(where: { $0 > 1 }) else { return nil }
            return tensor.narrow(dim: dim, start: 0, length: 1).expand(tensor.shape)
        }
    }

    /// `tensor` as every `step`-th element, from the second on, of a larger one along each
    /// dimension. What lies between is large, so that reading it shows.
    private func embed(_ tensor: Tensor, step: Int) -> Tensor {
        let outer = Tensor.full(tensor.shape.map { $0 * step + 1 }, 77, dtype: tensor.dtype)
        let view = outer.asStrided(
            tensor.shape, outer.strides.map { $0 * step }, storageOffset: outer.strides.reduce(0, +)
        )
        view.copy_(tensor)
        return view
    }

    private func compare(_ placed: [Tensor], _ dense: [Tensor], _ what: String) -> [Finding] {
        do {
            return try catchingTensorErrors { differences(placed, dense, what) }
        } catch let error as TensorError {
            // Views of memory that does not allow them are refused.
            let isRefusal = sharesMemory && error.kind == .shape
            return isRefusal ? [] : [finding("\(what): \(error)")]
        } catch {
            return [finding("\(what): \(error)")]
        }
    }

    private func differences(_ placed: [Tensor], _ dense: [Tensor], _ what: String) -> [Finding] {
        let expected = run(dense)
        for (k, (p, q)) in zip(run(placed), expected).enumerated() {
            if let text = difference(p, q, 1e-12, 1e-12) {
                return [finding("\(what), result \(k): \(text)")]
            }
        }
        guard isSmooth else { return [] }
        let (p, q) = (gradients(placed, numbers), gradients(dense, numbers))
        for (k, i) in numbers.enumerated() {
            if let text = difference(p[k], q[k], 1e-10, 1e-10) {
                return [finding("\(what), gradient of input \(i): \(text)")]
            }
        }
        let directions = directions(numbers)
        // Tangents lie as their primals do.
        var laid = directions
        for i in numbers where !placed[i].isContiguous {
            laid[i] = lay(directions[i]!, .transposed) ?? lay(directions[i]!, .stepped)
        }
        for (k, pair) in zip(push(placed, laid), push(dense, directions)).enumerated() {
            guard let actual = pair.0.tangent, let wanted = pair.1.tangent else { continue }
            if let text = difference(actual, wanted, 1e-10, 1e-10) {
                return [finding("\(what), tangent of result \(k): \(text)")]
            }
        }
        return []
    }

    /// Gradients arrive expanded from sums, and transposed from transpositions.
    private func cotangentLayouts() -> [Finding] {
        guard isSmooth else { return [] }
        for place in Place.allCases {
            func weights(_ outputs: [Tensor]) -> [Tensor] {
                cotangents(outputs).map { lay($0, place) ?? $0 }
            }
            let placed = gradients(inputs, numbers, weigh: weights)
            let dense = gradients(inputs, numbers) { weights($0).map { $0.clone() } }
            for (k, i) in numbers.enumerated() {
                if let text = difference(placed[k], dense[k], 1e-10, 1e-10) {
                    return [finding("cotangent \(place.rawValue), gradient of input \(i): \(text)")]
                }
            }
        }
        return []
    }
}
