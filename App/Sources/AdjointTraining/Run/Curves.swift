/// Loss and accuracy over the epochs, as an SVG image. The same metrics give the same bytes.
public struct Curves: Sendable {
    private let title: String
    private let metrics: [EpochMetrics]

    /// Curves of the run called `title`.
    public init(title: String, metrics: [EpochMetrics]) {
        self.title = title
        self.metrics = metrics
    }

    /// The image: 960 x 400, text in the reader's sans-serif, light or dark as the reader has it.
    public func svg() -> String {
        let losses = metrics.flatMap { [$0.trainLoss, $0.heldOutLoss] }.filter {
            $0 > 0 && $0.isFinite
        }
        let spread = (losses.max() ?? 1) / (losses.min() ?? 1)
        let epochs = metrics.map { Double($0.epoch) }
        let loss = CurvePanel(
            title: spread > 10 ? "Loss (logarithmic)" : "Loss", x: 24, y: 64, epochs: epochs,
            series: [
                .init(name: "training", style: "train", values: metrics.map(\.trainLoss)),
                .init(name: "held out", style: "held", values: metrics.map(\.heldOutLoss)),
            ],
            axis: spread > 10 ? .logarithmic(losses) : .linear(losses, ceiling: nil),
            label: NumberText.loss)
        let shares = metrics.flatMap { [$0.trainAccuracy, $0.heldOutAccuracy] }
        let accuracy = CurvePanel(
            title: "Accuracy", x: 494, y: 64, epochs: epochs,
            series: [
                .init(name: "training", style: "train", values: metrics.map(\.trainAccuracy)),
                .init(name: "held out", style: "held", values: metrics.map(\.heldOutAccuracy)),
            ],
            axis: .linear(shares, ceiling: 1), label: { NumberText.percent($0) })
        let summary =
            metrics.last.map {
                "After \($0.epoch) epoch\($0.epoch == 1 ? "" : "s"): held-out accuracy \(NumberText.percent($0.heldOutAccuracy)), "
                    + "held-out loss \(NumberText.loss($0.heldOutLoss))"
            } ?? "No epoch was finished"
        return Self.document(title: title, summary: summary, panels: [loss, accuracy])
    }

    /// An image that shows `panels` side by side, 400 high.
    static func document(title: String, summary: String, panels: [CurvePanel]) -> String {
        let width = panels.count > 1 ? 960 : 490
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) 400" width="\(width)" height="400" \
            role="img" aria-labelledby="title desc" font-family="system-ui, 'Segoe UI', Roboto, \
            Helvetica, Arial, sans-serif" font-size="12">
            <title id="title">\(escaped(title))</title>
            <desc id="desc">\(summary)</desc>
            <style>
            .back { fill: #ffffff } .ink { fill: #1f2933 } .soft { fill: #52606d }
            .grid { stroke: #e4e7eb } .axis { stroke: #9aa5b1 }
            .train { stroke: #2563ab; fill: #2563ab } .held { stroke: #c2570c; fill: #c2570c }
            .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
            .held.line { stroke-dasharray: 7 4 }
            text.train, text.held { stroke: none; font-weight: 600 }
            @media (prefers-color-scheme: dark) {
            .back { fill: #15191e } .ink { fill: #e8ecf0 } .soft { fill: #aab4be }
            .grid { stroke: #2a323b } .axis { stroke: #5f6b78 }
            .train { stroke: #7ab8f5; fill: #7ab8f5 } .held { stroke: #f2a35e; fill: #f2a35e }
            .line { fill: none }
            }
            </style>
            <rect class="back" width="\(width)" height="400"/>
            <text class="ink" x="24" y="30" font-size="17" font-weight="600">\(escaped(title))</text>
            <text class="soft" x="24" y="48">\(summary)</text>
            \(panels.map { $0.svg() }.joined(separator: "\n"))
            </svg>

            """
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}
