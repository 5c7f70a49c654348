/// The text of one of the lab's loops, which the page and the trace show, and the numbers of the
/// lines that do something.
struct AccumulationCode: Sendable {
    struct Line: Sendable, Encodable {
        var text: String
        var isDifferent: Bool
    }

    private(set) var lines: [Line] = []
    /// Numbers of lines, from 1. The first is that of a comment where nothing empties gradients.
    private(set) var zeroing = 0
    private(set) var loss = 0
    private(set) var backward = 0
    private(set) var stepping = 0

    /// - Parameters:
    ///   - zeroes: Whether the gradients are emptied before each step.
    ///   - batches: Batches to a step.
    init(_ settings: AccumulationSettings, zeroes: Bool, batches: Int) {
        let isAccumulating = batches > 1
        let lossText: String =
            switch settings.reduction {
            case .mean: "mseLoss(model(x), y)"
            case .sum: "mseLoss(model(x), y, reduction: .sum)"
            case .total: "mseLoss(model(x), y, reduction: .sum) / examples"
            }
        let isDivided = isAccumulating && settings.divides && settings.reduction == .mean
        let zero =
            settings.zeroing == .none
            ? "optimizer.zeroGrad()" : "optimizer.zeroGrad(setToNil: false)"
        add("for step in 1...\(settings.steps) {")
        zeroing = add(
            zeroes ? "    \(zero)" : "    // nothing empties the gradients", isDifferent: true)
        let indent = isAccumulating ? "        " : "    "
        if isAccumulating { add("    for (x, y) in batches(step) {") }
        loss = add("\(indent)let loss = \(lossText)\(isDivided ? " / \(batches)" : "")")
        backward = add("\(indent)loss.backward()")
        if isAccumulating { add("    }") }
        stepping = add("    optimizer.step()")
        add("}")
    }

    var text: String { lines.map(\.text).joined(separator: "\n") }

    @discardableResult
    private mutating func add(_ text: String, isDifferent: Bool = false) -> Int {
        lines.append(Line(text: text, isDifferent: isDifferent))
        return lines.count
    }
}
