import Adjoint
import AdjointTraining
import ArgumentParser

/// `adjoint inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "List the tensors in a file: names, types, shapes, and values.",
        discussion: """
            Reads safetensors, also divided among files by an index; PyTorch's .pt, of which \
            nothing is executed; NumPy's .npy and .npz; MNIST's IDX; tables of numbers in CSV; \
            and PNG and JPEG images. The content tells the format, not the name.
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var path: String

    @Flag(help: "Print JSON: a line for the file, then a line a tensor.")
    var json = false

    @Flag(help: "Also print the values: the first of each tensor, and with --json all of them.")
    var values = false

    func run() throws {
        let format = try TensorFileFormat(ofFileAt: path)
        let tensors = try load(from: path).sorted { $0.key < $1.key }
            .map { (name: $0.key, tensor: $0.value) }
        let elements = tensors.reduce(0) { $0 + $1.tensor.numel }
        let bytes = tensors.reduce(0) { $0 + $1.tensor.numel * $1.tensor.dtype.itemSize }
        guard !json else {
            let file = JSONLine([
                ("path", .text(path)), ("format", .text(format.rawValue)),
                ("tensors", .integer(tensors.count)), ("elements", .integer(elements)),
                ("bytes", .integer(bytes)),
            ])
            StandardOutput.line(file.description)
            for (name, tensor) in tensors { StandardOutput.line(line(name, tensor).description) }
            return
        }
        StandardOutput.line(
            "\(printable(path)): \(format.rawValue), \(count(tensors.count, "tensor")), "
                + "\(count(elements, "element")), \(count(bytes, "byte"))")
        let names = tensors.map { printable($0.name) }
        let width = names.map(\.count).max() ?? 0
        for (name, (_, tensor)) in zip(names, tensors) {
            var text = "  \(padded(name, width))  \(padded("\(tensor.dtype)", 8))  \(tensor.shape)"
            if values, tensor.numel > 0 {
                text = "\(padded(text, width + 32))  \(first(tensor))"
            }
            StandardOutput.line(text)
        }
    }

    private func line(_ name: String, _ tensor: Tensor) -> JSONLine {
        var members: [(name: String, value: JSONLine.Value)] = [
            ("name", .text(name)), ("dtype", .text("\(tensor.dtype)")),
            ("shape", .list(tensor.shape.map { .integer($0) })),
        ]
        if values {
            members.append(
                (
                    "values",
                    .list(
                        tensor.dtype.isFloatingPoint
                            ? tensor.array(as: Double.self).map { .number($0) }
                            : tensor.array(as: Int.self).map { .integer($0) })
                ))
        }
        return JSONLine(members)
    }

    /// The first values, as short as their type allows.
    private func first(_ tensor: Tensor) -> String {
        let most = 6
        let part = tensor.flatten().narrow(dim: 0, start: 0, length: min(most, tensor.numel))
        let texts =
            switch tensor.dtype {
            case .float64: part.array(as: Double.self).map { "\($0)" }
            case .bool: part.array(as: Int.self).map { $0 == 0 ? "false" : "true" }
            case _ where tensor.dtype.isFloatingPoint: part.array(as: Float.self).map { "\($0)" }
            default: part.array(as: Int.self).map { "\($0)" }
            }
        return texts.joined(separator: " ") + (tensor.numel > most ? " ..." : "")
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }

    /// `text` without control characters, which a file's names could smuggle into a terminal.
    private func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map {
                    $0.properties.generalCategory == .control ? "\u{FFFD}" : $0
                }))
    }
}
