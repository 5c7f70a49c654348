/// What a run of the playground is to do, as the page sends it.
struct PlaygroundSettings: Codable, Sendable {
    enum Activation: String, Codable, Sendable, CaseIterable { case tanh, relu, sigmoid }
    enum Method: String, Codable, Sendable, CaseIterable { case sgd, momentum, adam }

    var points: PlaygroundPoints
    /// The widths of the hidden layers, from the input on.
    var hidden: [Int]
    var activation: Activation
    var optimizer: Method
    var learningRate: Double
    var batchSize: Int
    var seed: Int
    /// True to begin paused, for someone who wants to go step by step.
    var isPaused: Bool?

    /// - Throws: A `StudioError` with status 422 that says what would be taken.
    func check() throws {
        func demand(_ isGood: Bool, _ words: String) throws {
            if !isGood { throw StudioError(422, "settings", words) }
        }
        let labels = Set(points.points.map(\.label))
        try demand(labels.count == 2, "give points of both classes: there are \(labels.count)")
        try demand(
            hidden.count <= 4 && hidden.allSatisfy { (1...64).contains($0) },
            "hidden is \(hidden); give at most 4 layers of 1 to 64 units")
        try demand(
            learningRate > 0 && learningRate <= 10,
            "learningRate is \(learningRate); give a number above 0, at most 10")
        try demand(
            (1...PlaygroundPoints.limit).contains(batchSize),
            "batchSize is \(batchSize); give a whole number from 1 to \(PlaygroundPoints.limit)")
        try demand(seed >= 0 && seed <= 1 << 31, "seed is \(seed); give a whole number from 0")
    }
}
