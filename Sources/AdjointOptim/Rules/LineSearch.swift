import AdjointCore

/// What was found at some length along a direction.
struct LinePoint {
    var length: Double
    var loss: Double
    /// The derivative of the loss by the length.
    var slope: Double
    var gradient: Tensor
}

/// The search for a length at which the strong Wolfe conditions hold (Nocedal and Wright,
/// algorithms 3.5 and 3.6), with the minimum of a cubic as the next guess.
struct LineSearchRun {
    /// How often the loss was computed.
    private(set) var calls = 0

    private let objective: FlatObjective
    private let direction: Tensor
    private let start: LinePoint
    private let place: Tensor
    private let maxCalls = 25
    private let tolerance = 1e-9

    init(_ objective: FlatObjective, _ direction: Tensor, _ start: LinePoint) {
        self.objective = objective
        self.direction = direction
        self.start = start
        place = objective.place
    }

    private mutating func point(at length: Double) -> LinePoint {
        calls += 1
        objective.move(by: length, direction)
        let loss: Double = objective.loss().detach().item()
        let gradient = objective.gradient
        objective.moveTo(place)
        return LinePoint(
            length: length, loss: loss, slope: gradient.product(direction), gradient: gradient)
    }

    private func isTooHigh(_ point: LinePoint) -> Bool {
        point.loss > start.loss + 1e-4 * point.length * start.slope
    }

    private func isFlat(_ point: LinePoint) -> Bool {
        Swift.abs(point.slope) <= -0.9 * start.slope
    }

    /// The point to go to. The parameters are back where they were.
    mutating func run(from length: Double) -> LinePoint {
        var last = start
        var point = point(at: length)
        var guesses = 0
        while guesses < maxCalls, !Failure.isActive {
            if isTooHigh(point) || (guesses > 1 && point.loss >= last.loss) {
                return narrow(last, point, guesses)
            }
            if isFlat(point) { return point }
            if point.slope >= 0 { return narrow(last, point, guesses) }
            let next = LineSearchRun.minimum(
                last, point,
                within: (
                    point.length + 0.01 * (point.length - last.length), point.length * 10
                ))
            last = point
            point = self.point(at: next)
            guesses += 1
        }
        return start.loss <= point.loss ? start : point
    }

    /// Narrows a bracket that holds a minimum.
    private mutating func narrow(_ a: LinePoint, _ b: LinePoint, _ before: Int) -> LinePoint {
        var (low, high) = a.loss <= b.loss ? (a, b) : (b, a)
        // Positions in the order in which the bracket was found: the cubic is not symmetric in
        // its rounding.
        var lowIsFirst = a.loss <= b.loss
        var stalled = false
        var guesses = before
        let reach = direction.largest
        while guesses < maxCalls, !Failure.isActive {
            if Swift.abs(high.length - low.length) * reach < tolerance { break }
            let (first, second) = lowIsFirst ? (low, high) : (high, low)
            var length = LineSearchRun.minimum(first, second)
            let least = Swift.min(low.length, high.length)
            let most = Swift.max(low.length, high.length)
            // A guess that hugs an end twice is pushed inside.
            let margin = 0.1 * (most - least)
            if Swift.min(most - length, length - least) < margin {
                if stalled || length >= most || length <= least {
                    let isNearMost = Swift.abs(length - most) < Swift.abs(length - least)
                    length = isNearMost ? most - margin : least + margin
                    stalled = false
                } else {
                    stalled = true
                }
            } else {
                stalled = false
            }
            let point = point(at: length)
            guesses += 1
            if isTooHigh(point) || point.loss >= low.loss {
                high = point
                let firstLoss = lowIsFirst ? low.loss : high.loss
                let secondLoss = lowIsFirst ? high.loss : low.loss
                if (firstLoss <= secondLoss) != lowIsFirst {
                    swap(&low, &high)
                    lowIsFirst.toggle()
                }
            } else {
                if isFlat(point) { return point }
                if point.slope * (high.length - low.length) >= 0 { high = low }
                low = point
            }
        }
        return low
    }

    /// Where the cubic through two points, with their slopes, is least; inside `bounds`, which are
    /// the two lengths unless given.
    static func minimum(
        _ a: LinePoint, _ b: LinePoint, within bounds: (Double, Double)? = nil
    ) -> Double {
        let (least, most) =
            bounds ?? (Swift.min(a.length, b.length), Swift.max(a.length, b.length))
        let d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.length - b.length)
        let square = d1 * d1 - a.slope * b.slope
        guard square >= 0 else { return (least + most) / 2 }
        let d2 = square.squareRoot()
        let (left, right) = a.length <= b.length ? (a, b) : (b, a)
        let place =
            right.length - (right.length - left.length)
            * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2))
        return Swift.min(Swift.max(place, least), most)
    }
}
