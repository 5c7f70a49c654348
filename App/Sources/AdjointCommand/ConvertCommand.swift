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
            .safetensors, .pt, .npz, or .npy for a single tensor. A file of that name is replaced \
            as a whole, or stays as it was.
            """)

    @Argument(help: ArgumentHelp("The file to read.", valueName: "in"))
    var input: String

    @Argument(help: ArgumentHelp("The file to write.", valueName: "out"))
    var output: String

    /// The formats that can be written, by the ends of names.
    private static let endings = [
        ".safetensors": TensorFileFormat.safetensors, ".pt": .pyTorch, ".pth": .pyTorch,
        ".npz": .numpyArchive, ".npy": .numpy,
    ]

    func validate() throws { _ = try target() }

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
        case .numpy:
            guard state.count == 1, let tensor = state.values.first else {
                throw DataFileError(
                    path: output,
                    problem: "an .npy file holds one tensor, but \(input) holds \(state.count)",
                    advice: "name a file that ends with .npz")
            }
            try saveNumpy(tensor, to: output)
        default:
            let isAlike = try TensorFileFormat(ofFileAt: input) == .safetensors
            try save(state, to: output, metadata: isAlike ? loadMetadata(from: input) : [:])
        }
        let count = "\(state.count) tensor\(state.count == 1 ? "" : "s")"
        StandardOutput.line("Wrote \(count) to \(output)")
    }

    private func target() throws -> TensorFileFormat {
        let name = output.lowercased()
        guard let ending = Self.endings.keys.first(where: { name.hasSuffix($0) }),
            let format = Self.endings[ending]
        else {
            throw ValidationError(
                "\(output) does not say its format; end it with "
                    + Self.endings.keys.sorted().joined(separator: ", "))
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
