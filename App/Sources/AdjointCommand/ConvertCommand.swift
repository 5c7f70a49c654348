import Adjoint
import AdjointTraining
import ArgumentParser
import Foundation

/// `adjoint convert`.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write the tensors of a file in another format.",
        discussion: """
            Reads what 'adjoint inspect' reads. The name of the new file tells its format: \
            .safetensors, .pt or .npz; .safetensors.index.json for several files of bounded size \
            beside it; .npy, .idx, .csv or .png for a single tensor. A file of that name is \
            replaced as a whole, or stays as it was.
            """)

    @Argument(help: ArgumentHelp("The file to read.", valueName: "in"))
    var input: String

    @Argument(help: ArgumentHelp("The file to write.", valueName: "out"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "With .safetensors.index.json: bytes of tensors a file.", valueName: "bytes"))
    var maxShardBytes = 5_000_000_000

    /// The formats that can be written, by the ends of names. The longest end that fits counts.
    private static let endings: [(ending: String, format: TensorFileFormat)] = [
        (".safetensors.index.json", .safetensorsIndex), (".safetensors", .safetensors),
        (".pth", .pyTorch), (".pt", .pyTorch), (".npz", .numpyArchive), (".npy", .numpy),
        (".csv", .csv), (".png", .png), (".idx", .idx), ("idx1-ubyte", .idx),
        ("idx2-ubyte", .idx), ("idx3-ubyte", .idx), ("idx4-ubyte", .idx),
    ]

    func validate() throws {
        _ = try target()
        if maxShardBytes < 1 { throw ValidationError("--max-shard-bytes must be at least 1") }
    }

    func run() throws {
        let target = try target()
        let state = try load(from: input)
        if let original = file(input), original == file(output) {
            throw DataFileError(
                path: output, problem: "this is the file that is read",
                advice: "give the new file another name")
        }
        switch target {
        case .pyTorch: try savePyTorch(state, to: output)
        case .numpyArchive: try saveNumpyArchive(state, to: output)
        case .numpy: try saveNumpy(onlyTensor(state), to: output)
        case .idx: try saveIDX(onlyTensor(state), to: output)
        case .csv: try saveCSV(onlyTensor(state), to: output)
        case .png: try savePicture(onlyTensor(state))
        case .safetensorsIndex:
            try saveSharded(state, to: output, maxShardBytes: maxShardBytes, metadata: notes())
        default: try save(state, to: output, metadata: notes())
        }
        let count = "\(state.count) tensor\(state.count == 1 ? "" : "s")"
        StandardOutput.line("Wrote \(count) to \(output)")
    }

    /// The texts that go with the tensors of a safetensors file.
    private func notes() throws -> [String: String] {
        try TensorFileFormat(ofFileAt: input) == .safetensors ? loadMetadata(from: input) : [:]
    }

    private func onlyTensor(_ state: StateDict) throws -> Tensor {
        guard state.count == 1, let tensor = state.values.first else {
            throw DataFileError(
                path: output,
                problem: "a file of this kind holds one tensor, but \(input) holds \(state.count)",
                advice: "name a file that ends with .npz")
        }
        return tensor
    }

    private func savePicture(_ tensor: Tensor) throws {
        do {
            try catchingTensorErrors { try savePNG(tensor, to: output) }
        } catch let error as TensorError {
            throw DataFileError(
                path: output, problem: error.message, advice: "convert the tensor first")
        }
    }

    private func target() throws -> TensorFileFormat {
        let name = output.lowercased()
        guard let (_, format) = Self.endings.first(where: { name.hasSuffix($0.ending) }) else {
            throw ValidationError(
                "\(output) does not say its format; end it with "
                    + Self.endings.map(\.ending).joined(separator: ", "))
        }
        return format
    }

    /// Which file `path` leads to, whatever it is called; nil where there is none.
    private func file(_ path: String) -> [UInt64]? {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved),
            let volume = attributes[.systemNumber] as? NSNumber,
            let number = attributes[.systemFileNumber] as? NSNumber
        else { return nil }
        return [volume.uint64Value, number.uint64Value]
    }
}
