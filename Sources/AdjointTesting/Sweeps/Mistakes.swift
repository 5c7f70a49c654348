import AdjointCore

// Wrong ranks, sizes, dtypes and devices. Each call either works or throws a `TensorError` that
// names the operation; a trap ends the process, so run this sweep where that can be seen.

extension Trial {
    func mistakes() -> [Finding] {
        ranks() + wrongTypes() + devices()
    }

    private func attempt(_ inputs: [Tensor], _ what: String) -> [Finding] {
        do {
            _ = try catchingTensorErrors { run(inputs).map { $0.array(as: Double.self).count } }
            return []
        } catch let error as TensorError {
            if error.operation == nil || error.message.isEmpty {
                return [finding("\(what): the error does not say where: \(error)")]
            }
            return []
        } catch {
            return [finding("\(what): an error of another type: \(error)")]
        }
    }

    private func ranks() -> [Finding] {
        let shapes: [[Int]] = [[], [0], [1], [7], [2, 0], [5, 4], [2, 3, 5], [1, 2, 3, 5, 7]]
        var found: [Finding] = []
        for i in inputs.indices {
            for shape in shapes {
                var wrong = inputs
                wrong[i] = Tensor.ones(shape, dtype: inputs[i].dtype)
                found += attempt(wrong, "input \(i) of shape \(shape)")
                // The derivatives meet odd shapes too, where the operation takes them.
                let wanted = numbers
                do {
                    _ = try catchingTensorErrors { gradients(wrong, wanted) }
                } catch let error as TensorError where error.operation == nil {
                    found.append(finding("input \(i) of shape \(shape), gradients: \(error)"))
                } catch {}
            }
        }
        return found
    }

    private func wrongTypes() -> [Finding] {
        var found: [Finding] = []
        for i in inputs.indices {
            for dtype in DType.allCases where dtype != inputs[i].dtype {
                var wrong = inputs
                wrong[i] = inputs[i].to(dtype)
                found += attempt(wrong, "input \(i) as \(dtype)")
            }
        }
        return found
    }

    /// Each input in turn on the other device; a single number on the cpu may mix.
    private func devices() -> [Finding] {
        if inputs.count < 2 { return [] }
        var found: [Finding] = []
        for i in inputs.indices {
            let others = inputs.indices.filter { $0 != i }
            if others.allSatisfy({ inputs[$0].ndim == 0 }) { continue }
            var mixed = inputs
            mixed[i] = inputs[i].to(.meta)
            do {
                _ = try catchingTensorErrors { run(mixed) }
                found.append(finding("input \(i) on meta and the others on the cpu: no error"))
            } catch let error as TensorError {
                if error.kind != .device || !error.message.contains("same device") {
                    found.append(finding("input \(i) on meta: \(error)"))
                }
            } catch {
                found.append(finding("input \(i) on meta: \(error)"))
            }
        }
        return found
    }
}
