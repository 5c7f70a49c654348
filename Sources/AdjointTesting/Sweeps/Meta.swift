import AdjointCore

// The device without data: shapes and dtypes as on the real one, in both directions.

extension Trial {
    func meta() -> [Finding] {
        let expected = run(inputs)
        let shadows = inputs.map { $0.to(.meta) }
        let results: [Tensor]
        do {
            results = try catchingTensorErrors { run(shadows) }
        } catch let error as TensorError where error.kind == .device {
            // A shape that depends on the numbers cannot be known without them.
            return []
        } catch {
            return [finding("\(error)")]
        }
        if results.count != expected.count {
            return [finding("\(results.count) results, and \(expected.count) on the cpu")]
        }
        var found: [Finding] = []
        for (k, (shadow, real)) in zip(results, expected).enumerated() {
            if shadow.device != .meta {
                found.append(finding("result \(k) is on \(shadow.device)"))
            }
            if shadow.shape != real.shape || shadow.dtype != real.dtype
                || shadow.strides != real.strides
            {
                found.append(
                    finding(
                        "result \(k) is \(shadow.dtype) of shape \(shadow.shape) and strides "
                            + "\(shadow.strides), and on the cpu \(real.dtype) of shape "
                            + "\(real.shape) and strides \(real.strides)"))
            }
        }
        return found + metaGradients(shadows)
    }

    private func metaGradients(_ shadows: [Tensor]) -> [Finding] {
        guard isSmooth else { return [] }
        let shapes = gradients(shadows, numbers) { $0.map { Tensor.zerosLike($0) } }
        for (gradient, i) in zip(shapes, numbers) where gradient.shape != shadows[i].shape {
            return [finding("the gradient of input \(i) has shape \(gradient.shape)")]
        }
        let leaves = leaves(inputs, numbers)
        let shadowLeaves = self.leaves(shadows, numbers)
        let real = run(leaves).map(\.requiresGrad)
        let shadow = run(shadowLeaves).map(\.requiresGrad)
        return real == shadow
            ? [] : [finding("results require gradients: \(shadow), and on the cpu \(real)")]
    }
}
