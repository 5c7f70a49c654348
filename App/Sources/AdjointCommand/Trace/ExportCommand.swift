import Adjoint
import AdjointTraining
import ArgumentParser
import Foundation

/// `adjoint export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a trace as a picture, as a page, or for another program.",
        discussion: """
            Several formats may be written at once. A file of that name is replaced as a whole, or \
            stays as it was; - writes to the standard output.
            """)

    @Argument(help: ArgumentHelp("The trace.", valueName: "file"))
    var path: String

    @Option(help: ArgumentHelp("A picture of the graph.", valueName: "out"))
    var svg: String?

    @Option(help: ArgumentHelp("The viewer with the trace, as one page.", valueName: "out"))
    var html: String?

    @Option(help: ArgumentHelp("The graph for Graphviz.", valueName: "out"))
    var dot: String?

    @Option(help: ArgumentHelp("The graph for Markdown pages.", valueName: "out"))
    var mermaid: String?

    @Option(help: ArgumentHelp("The metrics as a table.", valueName: "out"))
    var csv: String?

    @Option(help: ArgumentHelp("The run over time, for Perfetto.", valueName: "out"))
    var chrome: String?

    @Option(
        help: ArgumentHelp(
            "An event file in this folder, for TensorBoard --logdir.", valueName: "folder"))
    var tensorboard: String?

    @Option(
        help: ArgumentHelp("Pictures of the moment after this event.", valueName: "last or number"))
    var at = "last"

    @Option(help: ArgumentHelp("Data flows down (TB) or right (LR).", valueName: "TB or LR"))
    var direction = "TB"

    @Flag(help: "The SVG's parts appear in the order of events.")
    var animate = false

    @Option(help: "DOT: edges over more layers than this become chips; 0: none do.")
    var cut = 12

    @Flag(help: "Write a page of more than 5 MB too.")
    var full = false

    @Option(help: "The page's title.")
    var title: String?

    func validate() throws {
        guard outputs.contains(where: { $0 != nil }) else {
            throw ValidationError(
                "nothing to write: give --html, --svg, --dot, --mermaid, --csv, --chrome or "
                    + "--tensorboard")
        }
        guard at == "last" || Int(at) != nil else {
            throw ValidationError("--at is \(at); give last, or the number of an event")
        }
        guard PictureDirection(rawValue: direction) != nil else {
            throw ValidationError("--direction is \(direction); give TB or LR")
        }
        guard cut >= 0 else { throw ValidationError("--cut is \(cut); give a whole number from 0") }
    }

    private var outputs: [String?] { [html, svg, dot, mermaid, csv, chrome, tensorboard] }

    func run() throws {
        let file = try RecordedTrace(path)
        file.warn()
        let document = file.document
        let (event, flow) = (Int(at), PictureDirection(rawValue: direction) ?? .down)
        // All is made before the first is written: a failure leaves nothing half done.
        var made: [(out: String, bytes: [UInt8])] = []
        if let html {
            made.append((html, Array(try document.html(title: title, isWhole: full).utf8)))
        }
        if let svg {
            let text = try document.svg(at: event, direction: flow, isAnimated: animate)
            made.append((svg, Array(text.utf8)))
        }
        if let dot {
            let text = try document.dot(at: event, cut: cut, direction: flow)
            made.append((dot, Array(text.utf8)))
        }
        if let mermaid {
            made.append((mermaid, Array(try document.mermaid(at: event, direction: flow).utf8)))
        }
        if let csv { made.append((csv, Array(try document.csv().utf8))) }
        if let chrome { made.append((chrome, document.chromeTrace())) }
        if let tensorboard {
            made.append((try eventFile(in: tensorboard), document.tensorBoardEvents()))
        }
        for (out, bytes) in made { try write(bytes, to: out) }
    }

    /// TensorBoard reads the files of a folder whose names hold `tfevents`.
    private func eventFile(in folder: String) throws -> String {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw DataFileError(
                path: folder, problem: "the folder cannot be made",
                advice: "choose a folder that you may write to")
        }
        let name = URL(fileURLWithPath: path).lastPathComponent
        return URL(fileURLWithPath: folder)
            .appendingPathComponent("events.out.tfevents.0.\(name)").path
    }

    private func write(_ bytes: [UInt8], to out: String) throws {
        if out == "-" { return StandardOutput.write(String(decoding: bytes, as: UTF8.self)) }
        let (source, target) = (
            URL(fileURLWithPath: path).resolvingSymlinksInPath(),
            URL(fileURLWithPath: out).resolvingSymlinksInPath()
        )
        guard source != target else {
            throw DataFileError(
                path: out, problem: "this is the trace that is read",
                advice: "give the new file another name")
        }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: out), options: .atomic)
        } catch {
            throw DataFileError(
                path: out, problem: "the file cannot be written",
                advice: "choose a folder that is there and that you may write to")
        }
        StandardOutput.line("Wrote \(out) (\(bytes.count) bytes)")
    }
}
