public import AdjointOptim

/// What was measured in each epoch of a run.
public struct History: Sendable, Equatable, CustomStringConvertible {
    /// One epoch.
    public struct Epoch: Sendable, Equatable {
        /// Counted from 1.
        public let epoch: Int
        /// Steps of the optimiser so far.
        public let step: Int
        /// Numbers by name: "train_loss", "lr", "val_loss", and "val_" before each metric's name.
        public let values: [String: Double]
    }

    /// The names of all numbers, in the order in which they came.
    public private(set) var names: [String] = []
    /// The epochs done.
    public private(set) var epochs: [Epoch] = []

    /// No epochs yet.
    public init() {}

    /// A number of every epoch; NaN for one without it.
    public subscript(name: String) -> [Double] { epochs.map { $0.values[name] ?? .nan } }

    /// The numbers of the last epoch; none before the first.
    public var last: [String: Double] { epochs.last?.values ?? [:] }

    /// The epoch with the best number of this name, the first of equal ones; nil without any. NaN
    /// is no number.
    public func best(_ name: String, mode: ReduceLROnPlateau.Mode = .min) -> Epoch? {
        var best: (epoch: Epoch, value: Double)?
        for epoch in epochs {
            guard let value = epoch.values[name], !value.isNaN else { continue }
            let isBetter = best.map { mode == .min ? value < $0.value : value > $0.value }
            if isBetter ?? true { best = (epoch, value) }
        }
        return best?.epoch
    }

    mutating func append(epoch: Int, step: Int, _ values: [(name: String, value: Double)]) {
        for (name, _) in values where !names.contains(name) { names.append(name) }
        let values = Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        epochs.append(Epoch(epoch: epoch, step: step, values: values))
    }

    /// A line for each epoch, numbers in full, below a line of names.
    public var csv: String {
        let header = (["epoch", "step"] + names).joined(separator: ",")
        let rows = epochs.map { epoch in
            (["\(epoch.epoch)", "\(epoch.step)"]
                + names.map { epoch.values[$0].map { "\($0)" } ?? "" })
                .joined(separator: ",")
        }
        return ([header] + rows).joined(separator: "\n") + "\n"
    }

    /// Reads what `csv` wrote; nil for other text.
    public init?(csv: String) {
        let lines = csv.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let header = lines.first, header.starts(with: ["epoch", "step"]) else { return nil }
        names = Array(header.dropFirst(2))
        for fields in lines.dropFirst() {
            guard fields.count == header.count, let epoch = Int(fields[0]),
                let step = Int(fields[1])
            else { return nil }
            var values: [String: Double] = [:]
            for (name, text) in zip(names, fields.dropFirst(2)) where !text.isEmpty {
                guard let value = Double(text) else { return nil }
                values[name] = value
            }
            epochs.append(Epoch(epoch: epoch, step: step, values: values))
        }
    }

    /// The table that `csv` is.
    public var description: String { csv }
}
