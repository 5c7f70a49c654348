/// Which way data flows in a picture.
public enum PictureDirection: String, Sendable, CaseIterable {
    /// From the top to the bottom.
    case down = "TB"
    /// From the left to the right.
    case right = "LR"
}

extension TraceDocument {
    /// More boxes than this are collapsed by module and loop.
    static let pictureLimit = 2500

    /// A picture of the graph, byte for byte the same for the same trace: light, and dark where the
    /// reader prefers it; with its words for those who do not see it.
    ///
    /// - Parameters:
    ///   - event: The index of the event after which to show it; nil: the end.
    ///   - direction: From the top to the bottom, or from the left to the right.
    ///   - isAnimated: The parts appear in the order of events, for readers who allow motion.
    /// - Throws: `ExportError`: `.noSuchEvent`; `.nothingToShow` without nodes; `.tooLarge` for
    ///   more than 2,500 boxes, modules and loops collapsed.
    public func svg(
        at event: Int? = nil, direction: PictureDirection = .down, isAnimated: Bool = false
    ) throws(ExportError) -> String {
        let drawing = try fitting(try Drawing(of: self, at: event))
        return SVGPicture(drawing, isTurned: direction == .right, isAnimated: isAnimated).text
    }

    /// The graph in the language of Graphviz.
    ///
    /// - Parameters:
    ///   - event: The index of the event after which to show it; nil: the end.
    ///   - cut: Edges over more layers than this become pairs of chips, since Graphviz does not
    ///     finish on graphs with many long edges; 0: none do.
    ///   - direction: From the top to the bottom, or from the left to the right.
    /// - Throws: `ExportError`: `.noSuchEvent`, `.nothingToShow`.
    public func dot(
        at event: Int? = nil, cut: Int = 12, direction: PictureDirection = .down
    ) throws(ExportError) -> String {
        let drawing = try Drawing(of: self, at: event)
        try checkContent(drawing)
        return DOTText(drawing: drawing, cut: cut, direction: direction.rawValue).text
    }

    /// The graph as a Mermaid flowchart, modules and loops collapsed as far as its renderers ask
    /// for (500 edges, 50,000 characters).
    ///
    /// - Throws: `ExportError`: `.noSuchEvent`, `.nothingToShow`; `.tooLarge` where collapsing is
    ///   not enough.
    public func mermaid(
        at event: Int? = nil, direction: PictureDirection = .down
    ) throws(ExportError) -> String {
        let drawing = try Drawing(of: self, at: event)
        try checkContent(drawing)
        return try MermaidText.fitting(drawing, direction: direction.rawValue)
    }

    private func checkContent(_ drawing: Drawing) throws(ExportError) {
        guard drawing.nodes.isEmpty else { return }
        throw ExportError(
            .nothingToShow, problem: "there is no graph: no operation was recorded by then",
            advice: "choose a later event, or record operations on tensors")
    }

    /// As few scopes collapsed as are needed.
    private func fitting(_ drawing: Drawing) throws(ExportError) -> Drawing {
        try checkContent(drawing)
        if drawing.nodes.count <= Self.pictureLimit { return drawing }
        for depth in (0..<drawing.depth).reversed() {
            let smaller = drawing.collapsed(to: depth)
            if smaller.nodes.count <= Self.pictureLimit { return smaller }
        }
        throw ExportError(
            .tooLarge,
            problem: "a picture of \(drawing.nodes.count) boxes is too large to be read",
            advice: "draw a smaller part, give its parts scopes (modules, loops), or write DOT")
    }
}
