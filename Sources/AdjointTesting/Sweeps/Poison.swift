import AdjointCore

// After a failure inside `catchingTensorErrors` the operation computes nothing and touches
// nothing; what it returns has a shape and can be read as zeros.

extension Trial {
    func poison() -> [Finding] {
        let before = inputs.map { $0.clone() }
        let versions = inputs.map(\.version)
        var found: [Finding] = []
        let leaves = leaves(inputs, numbers)
        do {
            try catchingTensorErrors {
                let wreck = fail()
                let results = run(leaves)
                for (k, result) in results.enumerated() {
                    if !result.isPoisoned || result.requiresGrad {
                        found.append(finding("result \(k) is alive after a failure"))
                    }
                    if result.array(as: Double.self).contains(where: { $0 != 0 }) {
                        found.append(finding("result \(k) reads as other than zeros"))
                    }
                }
                if let first = smoothRoot(results) { first.sum().backward() }
                var broken = inputs
                broken[0] = wreck
                if run(broken).contains(where: { !$0.isPoisoned }) {
                    found.append(finding("a poisoned operand gives a live result"))
                }
                if let op = op as? any Operator, inputs.count <= 3 { write(op) }
            }
            found.append(finding("the failure before the operation was not thrown"))
        } catch {}
        for i in inputs.indices {
            if inputs[i].version != versions[i]
                || difference(inputs[i], before[i], 0, 0) != nil
            {
                found.append(finding("input \(i) was written to after a failure"))
            }
            if leaves[i].grad != nil {
                found.append(finding("input \(i) got a gradient after a failure"))
            }
        }
        return found + escaped()
    }

    private func smoothRoot(_ results: [Tensor]) -> Tensor? {
        results.first { $0.dtype.isFloatingPoint }
    }

    private func write<Op: Operator>(_ op: Op) {
        _ = applyInPlace(
            op, inputs[0], inputs.count > 1 ? inputs[1] : nil, inputs.count > 2 ? inputs[2] : nil)
    }

    /// Shapes that do not go together.
    private func fail() -> Tensor { Tensor.zeros(2) + Tensor.zeros(3) }

    /// A poisoned tensor that was carried out of its scope is an error in the next.
    private func escaped() -> [Finding] {
        nonisolated(unsafe) var wreck: Tensor?
        try? catchingTensorErrors { wreck = fail() }
        for i in inputs.indices {
            var broken = inputs
            broken[i] = wreck!
            do {
                _ = try catchingTensorErrors { run(broken) }
                return [finding("input \(i) from a failed scope raises no error")]
            } catch {}
        }
        return []
    }
}
