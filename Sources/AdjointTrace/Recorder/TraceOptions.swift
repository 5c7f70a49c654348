/// What a recording keeps.
public struct TraceOptions: Sendable, Equatable {
    /// What is kept of tensors' and gradients' elements.
    public var values: TraceCapture.Values
    /// A tensor with more elements is summed up; nil for 64, and 65,536 with `values: .full`.
    public var maxElements: Int?
    /// What is kept of the calls that lead to an operation. Source lines cost some microseconds
    /// an operation, and need debug information (`-g`, which SwiftPM passes).
    public var stacks: TraceCapture.Stacks
    /// Whether the text of the user's source files goes into the trace.
    public var sourceText: Bool
    /// Whether times and durations are kept. Without them equal runs give equal traces.
    public var times: Bool
    /// How many bins summaries' histograms have; 0 for none.
    public var histogramBins: Int
    /// How many events are kept; nil for all. What is dropped is counted in the header.
    public var maxEvents: Int?
    /// With true the latest events are kept, in memory alone; else the earliest.
    public var keepsLatest: Bool
    /// What the trace is called by those who show it.
    public var title: String?

    /// Statistics and the innermost line of each operation, unless more or less is asked for.
    public init(
        values: TraceCapture.Values = .summary, maxElements: Int? = nil,
        stacks: TraceCapture.Stacks = .user, sourceText: Bool = true, times: Bool = true,
        histogramBins: Int = 0, maxEvents: Int? = nil, keepsLatest: Bool = false,
        title: String? = nil
    ) {
        self.values = values
        self.maxElements = maxElements
        self.stacks = stacks
        self.sourceText = sourceText
        self.times = times
        self.histogramBins = histogramBins
        self.maxEvents = maxEvents
        self.keepsLatest = keepsLatest
        self.title = title
    }

    var elementLimit: Int { max(maxElements ?? (values == .full ? 65_536 : 64), 0) }

    var capture: TraceCapture {
        TraceCapture(
            values: values, maxElements: elementLimit, stacks: stacks, sourceText: sourceText)
    }
}
