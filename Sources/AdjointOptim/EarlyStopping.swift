/// Says when to end training: a metric has not improved for a while.
///
///     var stopping = EarlyStopping(patience: 3)
///     while !stopping.isOver(after: validate()) { train() }
public struct EarlyStopping: Sendable {
    /// Whether small or large metrics are better.
    public let mode: ReduceLROnPlateau.Mode
    /// How many metrics without improvement are let pass.
    public let patience: Int
    /// By how much a metric must be better than the best.
    public let minDelta: Double
    /// The best metric so far; nil before the first.
    public private(set) var best: Double?
    /// How many metrics have come since the best.
    public private(set) var badCount = 0

    /// A watch that ends training after `patience` metrics in a row that are not better by more
    /// than `minDelta`.
    public init(mode: ReduceLROnPlateau.Mode = .min, patience: Int = 10, minDelta: Double = 0) {
        self.mode = mode
        self.patience = patience
        self.minDelta = minDelta
    }

    /// Notes a metric. True where more than `patience` have come without improvement; NaN is none.
    public mutating func isOver(after metric: Double) -> Bool {
        let gain = best.map { mode == .min ? $0 - metric : metric - $0 } ?? .infinity
        if gain > minDelta, !metric.isNaN {
            best = metric
            badCount = 0
        } else {
            badCount += 1
        }
        return badCount > patience
    }

    /// True where the last metric was the best: the time to save a checkpoint.
    public var isBest: Bool { best != nil && badCount == 0 }
}
