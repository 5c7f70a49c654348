import AdjointCore

// A derivative may read what the operation declares that it saves, and nothing else.

extension Trial {
    func saves() -> [Finding] {
        guard isSmooth else { return [] }
        return Trial.subsets(of: numbers).flatMap { undeclared($0) + guarded($0) }
    }

    private func declared(_ wanted: [Int]) -> SavedSet {
        var set = InputSet.none
        for i in wanted { set.insert(i) }
        return op.saves(for: set)
    }

    /// Tensors in memory of their own, of which the `wanted` require gradients.
    private func copies(_ wanted: [Int]) -> [Tensor] {
        inputs.enumerated().map {
            let copy = $1.clone()
            return wanted.contains($0) ? copy.requiresGrad_() : copy
        }
    }

    /// After the forward pass everything undeclared is overwritten, without counting the write.
    private func undeclared(_ wanted: [Int]) -> [Finding] {
        let expected = gradients(inputs, wanted)
        let set = declared(wanted)
        let leaves = copies(wanted)
        let outputs = run(leaves)
        let carrying = smooth(outputs)
        let weights = cotangents(carrying)
        for (i, leaf) in leaves.enumerated() where !set.contains(.input(i)) {
            leaf.detach().overwriteUncounted(leaf.dtype.isFloatingPoint ? .nan : 0)
        }
        // The result of a view is its input's memory.
        if !sharesMemory {
            for (k, output) in outputs.enumerated() where !set.contains(.output(k)) {
                output.detach().overwriteUncounted(output.dtype.isFloatingPoint ? .nan : 0)
            }
        }
        let found = pull(carrying, wanted.map { leaves[$0] }, weights)
        for (k, i) in wanted.enumerated() {
            if let text = difference(found[k], expected[k], 1e-12, 1e-12) {
                return [
                    finding(
                        "with what saves(for: \(wanted)) leaves out overwritten, the gradient of "
                            + "input \(i): \(text)")
                ]
            }
        }
        return []
    }

    /// A counted write to what is declared makes the backward pass an error; to anything else it
    /// is allowed.
    private func guarded(_ wanted: [Int]) -> [Finding] {
        if sharesMemory { return [] }
        let set = declared(wanted)
        var found: [Finding] = []
        for i in inputs.indices where inputs[i].numel > 0 {
            let leaves = copies(wanted)
            let carrying = smooth(run(leaves))
            if carrying.isEmpty { continue }
            let weights = cotangents(carrying)
            noGrad { _ = leaves[i].copy_(inputs[i]) }
            let isDeclared = set.contains(.input(i))
            do {
                _ = try catchingTensorErrors {
                    pull(carrying, wanted.map { leaves[$0] }, weights)
                }
                if isDeclared {
                    found.append(
                        finding("input \(i) is saved, and a write to it went unnoticed"))
                }
            } catch let error as TensorError {
                if !isDeclared || error.kind != .inPlace {
                    found.append(finding("after a write to input \(i): \(error)"))
                }
            } catch {
                found.append(finding("after a write to input \(i): \(error)"))
            }
        }
        return found
    }
}
