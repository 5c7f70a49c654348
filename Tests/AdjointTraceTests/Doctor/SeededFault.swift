import Adjoint
import Testing

@testable import AdjointTrace

/// A program with one mistake in it, and what the doctor should say of it.
struct SeededFault: Sendable, CustomTestStringConvertible {
    /// Lines that the program marks as it runs.
    final class Lines: @unchecked Sendable {
        /// The line to name first.
        var culprit = 0
        /// The line that made the culprit one, such as a write; 0 where there is none.
        var other = 0
    }

    let name: String
    let kind: TraceFinding.Kind
    /// The operation to name.
    let operation: String
    let program: @Sendable (Lines) -> Void

    init(
        _ name: String, _ kind: TraceFinding.Kind, _ operation: String,
        _ program: @escaping @Sendable (Lines) -> Void
    ) {
        (self.name, self.kind, self.operation, self.program) = (name, kind, operation, program)
    }

    var testDescription: String { name }
}

extension SeededFault {
    static let all = nonFinite + clashes + twice + accumulation

    /// A NaN or an infinity in eight places.
    static let nonFinite = [
        SeededFault("log of a negative number", .nonFinite, "log") { lines in
            let x = Tensor([1.0, -1.0], requiresGrad: true)
            let scaled = x * 2
            lines.culprit = #line + 1
            let y = scaled.log()
            (y * 3).sum().backward()
        },
        SeededFault("0 / 0 in a normalisation", .nonFinite, "div") { lines in
            let x = Tensor([[0.0, 0.0], [1.0, 2.0]], requiresGrad: true)
            let total = x.sum(dim: 1, keepDim: true)
            lines.culprit = #line + 1
            let share = x / total
            (share * share).mean().backward()
        },
        SeededFault("exp overflows, and ∞ - ∞ follows", .nonFinite, "exp") { lines in
            let x = Tensor([100.0, 1.0], requiresGrad: true)
            lines.culprit = #line + 1
            let large = x.exp()
            let difference = large - large.relu()
            difference.sum().backward()
        },
        SeededFault("a root of a negative number inside a loss", .nonFinite, "sqrt") { lines in
            let w = Tensor([0.5, -0.5], requiresGrad: true)
            lines.culprit = #line + 1
            let distance = (w - 1).sqrt()
            (distance * 2).mean().backward()
        },
        SeededFault("the slope of a root at 0", .nonFinite, "sqrt") { lines in
            let x = Tensor([4.0, 0.0], requiresGrad: true)
            lines.culprit = #line + 1
            let y = x.sqrt()
            y.sum().backward()
        },
        SeededFault("log under a mask", .nonFinite, "log") { lines in
            let x = Tensor([0.0, 1.0, 4.0], requiresGrad: true)
            lines.culprit = #line + 1
            let logarithm = x.log()
            let y = logarithm.clamp(min: -10)
            y.sum().backward()
        },
        SeededFault("a power below 1 at 0", .nonFinite, "pow") { lines in
            let x = Tensor([0.0, 2.0], requiresGrad: true)
            lines.culprit = #line + 1
            let y = x ** 0.5
            (y + 1).sum().backward()
        },
        SeededFault("an arc cosine at the end of its range", .nonFinite, "acos") { lines in
            let v = Tensor([1.0, 0.5], requiresGrad: true)
            lines.culprit = #line + 1
            let angle = v.acos()
            (angle ** 2 + angle).sum().backward()
        },
    ]

    /// Six writes to what backward needs.
    static let clashes = [
        SeededFault("exp keeps its result, and 1 is added to it", .versionClash, "exp") { lines in
            let x = Tensor([1.0, 2.0], requiresGrad: true)
            lines.culprit = #line + 1
            let h = x.exp()
            lines.other = #line + 1
            h.add_(1)
            h.sum().backward()
        },
        SeededFault("a product keeps its operand, and it is scaled", .versionClash, "mul") {
            lines in
            let x = Tensor([1.0, 2.0], requiresGrad: true)
            let h = x + 1
            lines.culprit = #line + 1
            let y = h * h
            lines.other = #line + 1
            h.mul_(2)
            y.sum().backward()
        },
        SeededFault("a view is written, and its base was saved", .versionClash, "sigmoid") {
            lines in
            let x = Tensor([[1.0, 2.0], [3.0, 4.0]], requiresGrad: true)
            lines.culprit = #line + 1
            let gate = x.sigmoid()
            let y = gate * 2
            lines.other = #line + 1
            gate[0].zero_()
            y.sum().backward()
        },
        SeededFault("weights are updated between forward and backward", .versionClash, "matmul") {
            lines in
            let w = Tensor([[1.0], [2.0]], requiresGrad: true)
            let x = Tensor([[1.0, 2.0]], requiresGrad: true)
            lines.culprit = #line + 1
            let y = x.matmul(w)
            lines.other = #line + 1
            _ = noGrad { w.sub_(0.1) }
            y.sum().backward()
        },
        SeededFault("an element is assigned", .versionClash, "tanh") { lines in
            let x = Tensor([0.1, 0.2, 0.3], requiresGrad: true)
            lines.culprit = #line + 1
            let y = x.tanh()
            lines.other = #line + 1
            y[0] = Tensor(9.0)
            y.sum().backward()
        },
        SeededFault("a compound assignment in a loop", .versionClash, "pow") { lines in
            let x = Tensor([1.0, 2.0], requiresGrad: true)
            let state = x * 1
            var total = Tensor([0.0, 0.0])
            for step in 0..<2 {
                if step == 0 { lines.culprit = #line + 1 }
                let cube = state ** 3
                total = total + cube
                if step == 0 { lines.other = #line + 1 }
                state += 1
            }
            total.sum().backward()
        },
    ]

    /// Three second passes.
    static let twice = [
        SeededFault("backward is called again", .backwardTwice, "mul") { lines in
            let x = Tensor([3.0], requiresGrad: true)
            lines.culprit = #line + 1
            let y = x * x
            y.backward()
            lines.other = #line + 1
            y.backward()
        },
        SeededFault("two losses share a part", .backwardTwice, "exp") { lines in
            let x = Tensor([1.0, 2.0], requiresGrad: true)
            lines.culprit = #line + 1
            let shared = x.exp()
            let (first, second) = (shared.sum(), shared.mean())
            first.backward()
            lines.other = #line + 1
            second.backward()
        },
        SeededFault("a tensor is made outside of the loop", .backwardTwice, "sin") { lines in
            let w = Tensor([1.0], requiresGrad: true)
            lines.culprit = #line + 1
            let once = w.sin()
            for step in 0..<2 {
                let loss = (once * Tensor(Double(step + 1))).sum()
                lines.other = #line + 1
                loss.backward()
            }
        },
    ]

    /// Three losses of what backward adds up.
    static let accumulation = [
        SeededFault("zeroGrad is forgotten", .staleGradient, "backward") { lines in
            let w = Tensor([1.0], requiresGrad: true)
            let optimizer = SGD([w], learningRate: 0.1)
            for _ in 0..<3 {
                let loss = ((w * 2 - 1) ** 2).sum()
                lines.culprit = #line + 1
                loss.backward()
                lines.other = #line + 1
                optimizer.step()
            }
        },
        SeededFault("the means of micro-batches are not averaged", .microBatches, "mean") { lines in
            let w = Tensor([1.0, 2.0], requiresGrad: true)
            let optimizer = SGD([w], learningRate: 0.1)
            for _ in 0..<2 {
                optimizer.zeroGrad()
                for batch in 0..<4 {
                    let error = w * Tensor([Double(batch), 1.0])
                    lines.culprit = #line + 1
                    let loss = (error * error).mean()
                    lines.other = #line + 1
                    loss.backward()
                }
                optimizer.step()
            }
        },
        SeededFault("the total carries every graph along", .growingGraph, "add") { lines in
            let w = Tensor([1.0], requiresGrad: true)
            let optimizer = SGD([w], learningRate: 0.1)
            var total = Tensor(0.0)
            for _ in 0..<5 {
                optimizer.zeroGrad()
                let loss = ((w - 3) ** 2).sum()
                loss.backward()
                optimizer.step()
                lines.culprit = #line + 1
                total = total + loss
            }
            _ = total
        },
    ]
}
