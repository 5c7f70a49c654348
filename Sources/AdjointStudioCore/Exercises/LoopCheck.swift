import Adjoint
import AdjointCore
import AdjointNN
import AdjointOptim

/// A training loop of the learner's lines, really run: a model with three inputs, sixteen rows that
/// a line explains, forty rounds.
struct LoopCheck {
    private let names: [String]
    private let rounds = 40

    init(_ blocks: [String]) { names = blocks }

    var verdict: ExerciseVerdict {
        var verdict = ExerciseVerdict()
        let blocks = names.compactMap(LoopBlock.init(rawValue:))
        guard blocks.count == names.count, blocks.count <= 2 * LoopBlock.allCases.count else {
            verdict.note("blocks", false, "The loop holds a line that is not on offer.")
            return verdict
        }
        guard !blocks.isEmpty else {
            verdict.note("blocks", false, "The loop is empty.")
            return verdict
        }
        withGenerator(seed: 3) { run(blocks, &verdict) }
        return verdict
    }

    /// What the lines of one round have made.
    private struct Round {
        var prediction: Tensor?
        var loss: Tensor?
    }

    private func run(_ blocks: [LoopBlock], _ verdict: inout ExerciseVerdict) {
        let inputs = Tensor.randn(16, 3)
        let targets = inputs.matmul(Tensor([[1.0], [-2.0], [0.5]])) + 0.25
        let model = Linear(3, 1)
        let optimizer = SGD(model.parameters(), learningRate: 0.1)
        func error() -> Double { noGrad { mseLoss(model(inputs), targets) }.item() }
        func length(_ gradients: [Tensor]) -> Double {
            gradients.reduce(0) { $0 + (($1 * $1).sum().item() as Double) }.squareRoot()
        }
        var stale: Int?
        var stepped = false
        var lost = false
        let start = error()
        for number in 1...rounds {
            let fresh = grads(of: [mseLoss(model(inputs), targets)], wrt: model.parameters())
                .compactMap { $0 }
            let before = error()
            var used: Double?
            var round = Round()
            for block in blocks {
                if block == .step {
                    let present = model.parameters().compactMap(\.grad)
                    used = present.isEmpty ? nil : length(present)
                    stepped = true
                    lost = lost || present.isEmpty
                    if !agree(present, fresh), stale == nil { stale = number }
                }
                if let wrong = perform(block, &round, model, optimizer, inputs, targets) {
                    verdict.note("blocks", false, wrong)
                    return
                }
            }
            verdict.steps.append(
                ExerciseVerdict.LoopStep(
                    step: number, loss: before, gradient: used, fresh: length(fresh)))
            if !error().isFinite || error() > 1e6 {
                verdict.note(
                    "blocks", false, "After \(number) rounds the error has grown out of bounds.")
                break
            }
        }
        judge(&verdict, start, error(), blocks, stale: stale, stepped: stepped, lost: lost)
    }

    /// What goes wrong when the line runs, or nil.
    private func perform(
        _ block: LoopBlock, _ round: inout Round, _ model: Linear, _ optimizer: SGD,
        _ inputs: Tensor, _ targets: Tensor
    ) -> String? {
        func missing(_ name: String) -> String {
            "`\(block.line)` runs before there is a \(name) in this round."
        }
        switch block {
        case .zeroGrad: optimizer.zeroGrad()
        case .predict: round.prediction = model(inputs)
        case .predictUnrecorded: round.prediction = noGrad { model(inputs) }
        case .compare:
            guard let prediction = round.prediction else { return missing("prediction") }
            round.loss = mseLoss(prediction, targets)
        case .sumOutputs:
            guard let prediction = round.prediction else { return missing("prediction") }
            round.loss = prediction.sum()
        case .backward:
            guard let loss = round.loss else { return missing("loss") }
            do {
                try catchingTensorErrors { loss.backward() }
            } catch {
                return "`\(block.line)` stops: \((error as? TensorError)?.message ?? "\(error)")"
            }
        case .step: optimizer.step()
        }
        return nil
    }

    private func agree(_ found: [Tensor], _ fresh: [Tensor]) -> Bool {
        guard found.count == fresh.count else { return false }
        return zip(found, fresh).allSatisfy { a, b in
            ((a - b).abs().max().item() as Double)
                <= 1e-4 * max(1, b.abs().max().item() as Double)
        }
    }

    private func judge(
        _ verdict: inout ExerciseVerdict, _ start: Double, _ end: Double, _ blocks: [LoopBlock],
        stale: Int?, stepped: Bool, lost: Bool
    ) {
        if !stepped {
            verdict.note("blocks", false, "No parameter ever changes: nothing takes a step.")
        } else if lost {
            verdict.note(
                "blocks", false,
                "The optimiser found no gradients to step along: they were cleared, or not there yet."
            )
        } else if let stale {
            verdict.note(
                "blocks", false,
                blocks.contains(.sumOutputs)
                    ? "The steps make the sum of the outputs smaller, whatever the targets are."
                    : "In round \(stale) the step went along more than the gradient of that round.")
        } else {
            verdict.note("blocks", true, "Every step went along the gradient of its own round.")
        }
        let isLearned = end < 1e-2 && end < start / 10
        verdict.note(
            "blocks", isLearned,
            "The error went from \(text(start)) to \(text(end))"
                + (isLearned ? ": the model has learned." : ": the model has not learned."))
    }

    /// Three digits are enough to see whether an error falls.
    private func text(_ error: Double) -> String {
        guard error.isFinite else { return "\(error)" }
        let scaled = (error * 10_000).rounded() / 10_000
        return "\(scaled)"
    }
}
