import AdjointTrace
import Foundation

/// A format that a trace can be downloaded in.
enum TraceExport: String, CaseIterable, Sendable {
    case html, svg, dot, mmd, chrome, tfevents, csv, jsonl

    /// The end of the file's name.
    var ending: String {
        switch self {
        case .chrome: "chrome.json"
        case .tfevents: "tfevents"
        case .jsonl: "trace.jsonl"
        default: rawValue
        }
    }

    var mediaType: String {
        switch self {
        case .html: "text/html; charset=utf-8"
        case .svg: "image/svg+xml"
        case .dot: "text/vnd.graphviz; charset=utf-8"
        case .mmd: "text/plain; charset=utf-8"
        case .chrome: "application/json"
        case .tfevents: "application/octet-stream"
        case .csv: "text/csv; charset=utf-8"
        case .jsonl: "application/x-ndjson"
        }
    }

    /// The bytes of the file.
    ///
    /// - Parameter event: The event after which a picture shows the graph; nil: the end.
    /// - Throws: `ExportError` where the trace does not fit the format.
    func data(_ document: TraceDocument, at event: Int?) throws -> Data {
        switch self {
        case .html: Data(try document.html(isWhole: true).utf8)
        case .svg: Data(try document.svg(at: event).utf8)
        case .dot: Data(try document.dot(at: event).utf8)
        case .mmd: Data(try document.mermaid(at: event).utf8)
        case .chrome: Data(document.chromeTrace())
        case .tfevents: Data(document.tensorBoardEvents())
        case .csv: Data(try document.csv().utf8)
        case .jsonl: document.records.reduce(into: Data()) { $0 += $1.json + [0x0A] }
        }
    }
}
