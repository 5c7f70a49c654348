import AdjointData

extension TraceDocument {
    /// The largest page that is made without being asked twice, in bytes.
    public static let pageLimit = 5_000_000

    /// The viewer with this trace as one page: it needs no network, no server and no other file,
    /// and can be mailed. Without scripts it shows a table of the values at the end.
    ///
    /// - Parameters:
    ///   - title: The page's title; nil: that of the trace.
    ///   - isWhole: True: a page of more than `pageLimit` bytes too.
    /// - Throws: `ExportError`: `.nothingToShow` for a trace without operations and tensors;
    ///   `.tooLarge` for a page over the limit.
    public func html(
        title: String? = nil, isWhole: Bool = false
    ) throws(ExportError) -> String {
        guard !nodes.isEmpty || !tensors.isEmpty else {
            throw ExportError(
                .nothingToShow, problem: "there is no graph: no operation was recorded",
                advice: "record operations on tensors")
        }
        let page = HTMLPage(self, title: title ?? header?.title ?? "Trace").text
        if !isWhole && page.utf8.count > Self.pageLimit {
            throw ExportError(
                .tooLarge,
                problem: "the page would have \(page.utf8.count) bytes, over \(Self.pageLimit)",
                advice: "record a smaller part or with fewer values, or ask for the whole page")
        }
        return page
    }

    /// Writes the page of `html(title:isWhole:)` to a file, as a whole or not at all.
    ///
    /// - Throws: `ExportError` as `html` does; `DataFileError` where the file cannot be written.
    public func writeHTML(
        to path: String, title: String? = nil, isWhole: Bool = false
    ) throws {
        let page = try html(title: title, isWhole: isWhole)
        try TextFile.write(page, to: path)
    }
}
