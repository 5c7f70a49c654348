import AdjointTrace

/// Gathers the curves of a run from its records, as they come.
struct CurveCollector: Sendable {
    /// Counts of a tensor's elements at a step.
    struct Histogram: Sendable, Encodable {
        var step: Int
        var edges: [Double]
        var counts: [Int]
    }

    /// The numbers of the run by name, in the order of their first appearance.
    private(set) var names: [String] = []
    private(set) var curves: [String: [CurvePoint]] = [:]
    /// Norms of gradients by parameter.
    private(set) var gradientNames: [String] = []
    private(set) var gradients: [String: [CurvePoint]] = [:]
    private(set) var histogramNames: [String] = []
    private(set) var histograms: [String: [Histogram]] = [:]
    private(set) var title: String?
    private(set) var records = 0
    /// Steps of an optimiser so far, and the norms that wait for the next one.
    private var step = 0
    private var waiting: [Int: Double] = [:]
    private var tensors: [Int: String] = [:]

    static let gradientPrefix = "grad_norm/"
    /// More points of one curve, and more histograms of one tensor, are thinned on the way.
    private static let pointLimit = 20_000
    private static let histogramLimit = 24

    mutating func add(_ record: TraceRecord) {
        records += 1
        switch record {
        case .header(let header): title = title ?? header.title
        case .tensor(let tensor):
            if let name = tensor.name { tensors[tensor.id] = name }
        case .event(let event): add(event.body)
        default: break
        }
    }

    private mutating func add(_ body: TraceEvent.Body) {
        switch body {
        case .metric(let metric):
            if metric.name.hasPrefix(Self.gradientPrefix) {
                let name = String(metric.name.dropFirst(Self.gradientPrefix.count))
                gradient(name, CurvePoint(metric.step, metric.y))
            } else {
                if curves[metric.name] == nil { names.append(metric.name) }
                Self.append(
                    CurvePoint(metric.step, metric.y), to: &curves[metric.name, default: []])
            }
        case .accumulate(let change):
            // The sum of the step's passes is what the optimiser sees.
            if let norm = Self.norm(change.after) { waiting[change.tensor] = norm }
        case .optimStep(let done):
            step = done.step ?? (done.tensor == nil ? step + 1 : step)
            flush()
            if let tensor = done.tensor, case .sum(let sum) = done.value, let hist = sum.hist {
                histogram(
                    name(tensor), Histogram(step: step, edges: hist.edges, counts: hist.counts))
            }
        default: break
        }
    }

    private func name(_ tensor: Int) -> String { tensors[tensor] ?? "tensor \(tensor)" }

    private mutating func flush() {
        for (tensor, norm) in waiting.sorted(by: { $0.key < $1.key }) {
            gradient(name(tensor), CurvePoint(step, norm))
        }
        waiting = [:]
    }

    private mutating func gradient(_ name: String, _ point: CurvePoint) {
        if gradients[name] == nil { gradientNames.append(name) }
        Self.append(point, to: &gradients[name, default: []])
    }

    private mutating func histogram(_ name: String, _ histogram: Histogram) {
        if histograms[name] == nil { histogramNames.append(name) }
        var list = histograms[name] ?? []
        list.append(histogram)
        // Every second one goes, but for the first and the last.
        if list.count > Self.histogramLimit {
            list = list.indices.filter { $0.isMultiple(of: 2) || $0 == list.count - 1 }
                .map { list[$0] }
        }
        histograms[name] = list
    }

    private static func append(_ point: CurvePoint, to list: inout [CurvePoint]) {
        list.append(point)
        if list.count > pointLimit { list = list.thinned(to: pointLimit / 2) }
    }

    /// The Euclidean norm of the elements; nil where they are unknown.
    private static func norm(_ value: TraceValue) -> Double? {
        switch value {
        case .full(let data, _):
            var sum = 0.0
            for element in data { sum += element * element }
            return sum.squareRoot()
        case .sum(let sum):
            // The statistics are of the finite elements alone; one that is not spoils the norm.
            if let nan = sum.nan, nan > 0 { return .nan }
            if let inf = sum.inf, inf > 0 { return .infinity }
            return sum.l2
        case .none: return nil
        }
    }
}
