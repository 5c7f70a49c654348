public import AdjointCore

/// The negative log likelihood of label sequences, summed over all ways to align them with the
/// steps of an input: blanks between labels, and labels that repeat (Graves et al., 2006). Same as
/// `torch.nn.functional.ctc_loss`, with the derivative by `logProbs` as it is; PyTorch's has a
/// further term that vanishes behind a log softmax.
///
/// - Parameters:
///   - logProbs: [steps, batch, classes] or [steps, classes], as `logSoftmax` gives them.
///   - targets: Classes, [batch, labels], or those of all samples one after the other.
///   - inputLengths: How many steps of each sample count, [batch] or [].
///   - targetLengths: How many labels each sample has, [batch] or [].
///   - blank: The class that stands for no label.
///   - reduction: The mean is of each loss divided by its number of labels.
///   - zeroInfinity: Whether a sample that has no alignment counts 0 instead of ∞.
/// - Errors: `.shape` and `.argument` where lengths do not fit; `.index` for a class that is not
///   there; `.dtype` for targets and lengths that are no integers.
public func ctcLoss(
    _ logProbs: Tensor, _ targets: Tensor, inputLengths: Tensor, targetLengths: Tensor,
    blank: Int = 0, reduction: Reduction = .mean, zeroInfinity: Bool = false
) -> Tensor {
    let given = [logProbs, targets, inputLengths, targetLengths]
    if let poisoned = given.first(where: { $0.isPoisoned }) { return poisoned }
    do throws(TensorError) {
        guard logProbs.ndim == 2 || logProbs.ndim == 3, logProbs.dtype.isFloatingPoint else {
            throw TensorError(
                .shape,
                "expected floats of shape [steps, batch, classes] or [steps, classes], but got "
                    + "\(logProbs.dtype) of shape \(logProbs.shape)")
        }
        let isSample = logProbs.ndim == 2
        let x = isSample ? logProbs.unsqueeze(1) : logProbs
        let labels = try Alignments(
            x, isSample ? targets.unsqueeze(0) : targets, inputLengths, targetLengths, blank)
        let wide = x.dtype == .float64 ? x : x.to(.float32)
        var losses = labels.losses(wide)
        // Nothing that can happen is that unlikely.
        losses = Tensor.where(losses .> 1e29, zeroInfinity ? 0 : Double.infinity, losses)
            .to(x.dtype)
        switch reduction {
        case .none: return isSample ? losses.squeeze(0) : losses
        case .sum: return losses.sum()
        case .mean:
            let counts = labels.targetLengths.map { Double(max($0, 1)) }
            return (losses / Tensor(counts, shape: [counts.count]).to(x.dtype)).mean()
        }
    } catch {
        return Failure.poison(TensorError(error.kind, error.message, operation: "ctcLoss"))
    }
}

/// The labels of each sample with blanks around them, as long as the longest needs.
private struct Alignments {
    let inputLengths: [Int]
    let targetLengths: [Int]
    /// Classes of blank, label, blank, ..., blank, [batch, width].
    private let classes: Tensor
    /// Where a path may leave out the blank before a label, since the label before is another.
    private let skips: Tensor
    private let width: Int
    /// The logarithm of a probability of nothing: finite, so that no derivative is 0 · ∞.
    private let never = -1e30

    init(
        _ x: Tensor, _ targets: Tensor, _ inputLengths: Tensor, _ targetLengths: Tensor,
        _ blank: Int
    ) throws(TensorError) {
        let (steps, batch, count) = (x.shape[0], x.shape[1], x.shape[2])
        for other in [targets, inputLengths, targetLengths] where !other.dtype.isInteger {
            throw TensorError(.dtype, "targets and lengths are whole numbers, not \(other.dtype)")
        }
        func list(_ t: Tensor) -> [Int] { t.to(.int64).array(as: Int.self) }
        (self.inputLengths, self.targetLengths) = (list(inputLengths), list(targetLengths))
        let (inputs, labels) = (self.inputLengths, self.targetLengths)
        let isTable = targets.ndim == 2 && targets.shape[0] == batch
        let room = isTable ? targets.shape[1] : targets.numel
        guard steps > 0, count > 0, inputs.count == batch, labels.count == batch,
            inputs.allSatisfy({ (0...steps).contains($0) }),
            labels.allSatisfy({ (0...room).contains($0) }),
            isTable || (targets.ndim == 1 && labels.reduce(0, &+) == room)
        else {
            throw TensorError(
                .argument,
                "lengths \(inputs.prefix(16)) and \(labels.prefix(16)) (the first 16 at most) do "
                    + "not fit an input of shape \(x.shape) and "
                    + "targets of shape \(targets.shape)")
        }
        let all = list(targets)
        width = 2 * (labels.max() ?? 0) + 1
        let (places, overflow) = batch.multipliedReportingOverflow(by: width)
        // Numbers that could not be read are fewer than they should be, or all 0.
        guard all.count == targets.numel, !overflow,
            TensorMemory.hasRoom(for: places, of: (Int, Bool).self)
        else {
            throw TensorError(
                .argument,
                "the labels of \(batch) samples, of at most \(width / 2) each, cannot be read")
        }
        var classes: [Int] = []
        var skips: [Bool] = []
        var start = 0
        for (i, length) in labels.enumerated() {
            let first = isTable ? i * room : start
            let own = all[first..<first + length]
            start += length
            if let wrong = (own + [blank]).first(where: { !(0..<count).contains($0) }) {
                throw TensorError(.index, "class \(wrong) is not one of \(count)")
            }
            var row = [Int](repeating: blank, count: width)
            for (j, label) in own.enumerated() { row[2 * j + 1] = label }
            classes += row
            skips += row.indices.map { $0 > 2 && $0 % 2 == 1 && row[$0] != row[$0 - 2] }
        }
        self.classes = Tensor(classes, shape: [batch, width], dtype: .int64)
        self.skips = Tensor(skips, shape: [batch, width], dtype: .bool)
    }

    /// The forward recursion over the steps, all samples at once.
    func losses(_ x: Tensor) -> Tensor {
        let (steps, batch) = (x.shape[0], x.shape[1])
        // Nothing to align, however many steps there are.
        if batch == 0 { return x.sum(dim: 2).sum(dim: 0) }
        let chances = x.gather(dim: 2, index: classes.unsqueeze(0).expand(steps, batch, width))
            .unbind(dim: 0)
        if let failed = chances.first(where: \.isPoisoned) { return failed }
        let starts = (0..<batch).flatMap { i in
            (0..<width).map { $0 == 0 || ($0 == 1 && targetLengths[i] > 0) }
        }
        var paths = Tensor.where(
            Tensor(starts, shape: [batch, width], dtype: .bool), chances[0], never)
        for t in 1..<max(steps, 1) {
            let next = pad(paths, [1, 0], value: never).narrow(dim: 1, start: 0, length: width)
            var sum = paths.logaddexp(next)
            if width > 2 {
                let skipped = pad(paths, [2, 0], value: never)
                    .narrow(dim: 1, start: 0, length: width)
                sum = sum.logaddexp(Tensor.where(skips, skipped, never))
            }
            let runs = inputLengths.map { t < $0 }
            paths = Tensor.where(
                Tensor(runs, shape: [batch, 1], dtype: .bool), sum + chances[t], paths)
        }
        // A path ends with the last label or the blank behind it; without steps there is none.
        func ends(_ back: Int) -> Tensor {
            let places = targetLengths.map { max(2 * $0 - back, 0) }
            let exists = zip(targetLengths, inputLengths).map { 2 * $0 - back >= 0 && $1 > 0 }
            let ends = paths.gather(
                dim: 1, index: Tensor(places, shape: [batch, 1], dtype: .int64))
            return Tensor.where(
                Tensor(exists, shape: [batch, 1], dtype: .bool), ends, never
            ).squeeze(1)
        }
        return -ends(0).logaddexp(ends(1))
    }
}
