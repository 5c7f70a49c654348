/// What a program measured, over its steps, as an SVG image.
struct ProgramCurves {
    let title: String
    let result: ProgramResult

    init(title: String, _ result: ProgramResult) {
        self.title = title
        self.result = result
    }

    /// Both losses in one panel, or the loss of the equation and the error in two.
    func svg() -> String {
        let metrics = result.metrics
        let losses = metrics.map(\.trainLoss), measured = metrics.map(\.measured)
        let training = CurvePanel.Series(name: "training", style: "train", values: losses)
        let panels: [CurvePanel]
        switch result.configuration.program {
        case .names:
            let heldOut = CurvePanel.Series(name: "held out", style: "held", values: measured)
            panels = [panel("Loss", x: 24, [training, heldOut], NumberText.loss)]
        case .burgers:
            let error = CurvePanel.Series(name: "error", style: "held", values: measured)
            panels = [
                panel("Loss", x: 24, [training], NumberText.loss),
                panel("Relative L2 error", x: 494, [error]) { NumberText.percent($0) },
            ]
        }
        return Curves.document(
            title: title,
            summary: "After \(metrics.last?.step ?? 0) steps: \(result.summary)", panels: panels)
    }

    private func panel(
        _ title: String, x: Double, _ series: [CurvePanel.Series],
        _ label: @escaping (Double) -> String
    ) -> CurvePanel {
        let values = series.flatMap(\.values).filter { $0 > 0 && $0.isFinite }
        let spread = (values.max() ?? 1) / (values.min() ?? 1)
        return CurvePanel(
            title: spread > 10 ? "\(title) (logarithmic)" : title, x: x, y: 64,
            epochs: result.metrics.map { Double($0.step) }, series: series,
            axis: spread > 10 ? .logarithmic(values) : .linear(values, ceiling: nil),
            label: label, unit: "step")
    }
}
