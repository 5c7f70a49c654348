import Adjoint
import AdjointTrace

/// One of the lab's loops, with a model of its own: a line through points, fitted by small batches.
final class AccumulationLoop {
    /// A parameter in a step: what was there, what came, what is there now.
    struct Change: Sendable, Codable, Equatable {
        var name: String
        /// The gradient before the step's first batch; nil where there was none.
        var before: Float?
        /// What the step's batches brought together, and each of them.
        var incoming: Float
        var parts: [Float]
        /// The gradient that the optimiser saw.
        var after: Float
        /// The parameter after the optimiser's step.
        var value: Float
    }

    struct Step: Sendable, Encodable, Equatable {
        var step: Int
        /// The loss over all examples of the step, before it.
        var loss: Float
        var gradientNorm: Float
        var changes: [Change]
    }

    private let settings: AccumulationSettings
    private let weight = Tensor(Float(-0.5), requiresGrad: true)
    private let bias = Tensor(Float(0), requiresGrad: true)
    private let optimizer: SGD
    private let zeroes: Bool
    private let sizes: [Int]
    private let code: AccumulationCode

    /// - Parameters:
    ///   - zeroes: Whether the gradients are emptied before each step.
    ///   - sizes: The sizes of a step's batches: one entry for one large batch.
    ///   - code: The loop's text, whose lines a recorder is told.
    init(_ settings: AccumulationSettings, zeroes: Bool, sizes: [Int], code: AccumulationCode) {
        self.settings = settings
        self.zeroes = zeroes
        self.sizes = sizes
        self.code = code
        optimizer = SGD(
            [weight, bias], learningRate: settings.learningRate, momentum: settings.momentum,
            weightDecay: settings.weightDecay)
    }

    /// Takes one step over `x` and its targets, whose examples are the batches' one after another.
    ///
    /// A recorder sees what the text of the loop says, and nothing of what is measured beside it.
    func take(_ step: Int, _ x: Tensor, _ target: Tensor) -> Step {
        Trace.iteration("step", step) { observed(step, x, target) }
    }

    private func observed(_ step: Int, _ x: Tensor, _ target: Tensor) -> Step {
        let parameters = [("w", weight), ("b", bias)]
        for (name, parameter) in parameters { Trace.name(parameter, name) }
        LineMarks.note(code.zeroing)
        if zeroes { optimizer.zeroGrad(setToNil: settings.zeroing == .none) }
        let before = parameters.map { $0.1.grad.map { $0.item() as Float } }
        var parts = parameters.map { _ in [Float]() }
        let loss = observing(nil) { noGrad { mean(x, target).item() as Float } }
        var start = 0
        for (index, size) in sizes.enumerated() {
            let (inputs, targets) = observing(nil) {
                (
                    x.narrow(dim: 0, start: start, length: size),
                    target.narrow(dim: 0, start: start, length: size)
                )
            }
            start += size
            // What this batch's pass will bring: the same derivatives, asked for beside the loop,
            // since a hook would change how the pass hands its gradients to the leaves.
            let incoming = observing(nil) {
                grads(
                    of: [batchLoss(inputs, targets, of: x.shape[0])], wrt: [weight, bias])
            }
            for i in parts.indices { parts[i].append(incoming[i]!.item()) }
            let back = {
                Trace.name(inputs, "x")
                Trace.name(targets, "y")
                LineMarks.note(self.code.loss)
                let loss = Trace.name(self.batchLoss(inputs, targets, of: x.shape[0]), "loss")
                LineMarks.note(self.code.backward)
                loss.backward()
            }
            if sizes.count > 1 { Trace.iteration("batch", index + 1, back) } else { back() }
        }
        let after = parameters.map { $0.1.grad?.item() ?? Float(0) }
        LineMarks.note(code.stepping)
        optimizer.step()
        return observing(nil) {
            Step(
                step: step, loss: loss, gradientNorm: Tensor(after).norm().item(),
                changes: parameters.indices.map { index in
                    Change(
                        name: parameters[index].0, before: before[index],
                        incoming: Tensor(parts[index]).sum().item(), parts: parts[index],
                        after: after[index], value: parameters[index].1.item())
                })
        }
    }

    private func predict(_ x: Tensor) -> Tensor { weight * x + bias }

    private func mean(_ x: Tensor, _ target: Tensor) -> Tensor { mseLoss(predict(x), target) }

    private func batchLoss(_ x: Tensor, _ target: Tensor, of count: Int) -> Tensor {
        let isDivided = settings.divides && sizes.count > 1 && settings.reduction == .mean
        let loss =
            switch settings.reduction {
            case .mean: mean(x, target)
            case .sum: mseLoss(predict(x), target, reduction: .sum)
            case .total: mseLoss(predict(x), target, reduction: .sum) / count
            }
        return isDivided ? loss / sizes.count : loss
    }
}
