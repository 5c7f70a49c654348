import Adjoint
import Foundation
import Testing

/// A tensor as `expected.json` has it.
struct RecordedTensor: Decodable {
    let shape: [Int]
    let dtype: String
    let data: [Double]

    enum CodingKeys: CodingKey { case shape, dtype, data }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        shape = try container.decode([Int].self, forKey: .shape)
        dtype = try container.decode(String.self, forKey: .dtype)
        if let flags = try? container.decode([Bool].self, forKey: .data) {
            data = flags.map { $0 ? 1 : 0 }
        } else {
            data = try container.decode([Double].self, forKey: .data)
        }
    }

    /// Checks `tensor` bit for bit.
    func check(_ tensor: Tensor) {
        #expect(tensor.shape == shape && tensor.isContiguous && !tensor.requiresGrad)
        #expect("\(tensor.dtype)" == (dtype == ">i4" ? "int32" : dtype))
        let values = tensor.array(as: Double.self)
        #expect(values.map(\.bitPattern) == data.map(\.bitPattern))
    }
}

/// The files beside the tests.
enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures")

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// What is in the files: file, then name.
    static func recorded() throws -> [String: [String: RecordedTensor]] {
        try JSONDecoder().decode(
            [String: [String: RecordedTensor]].self,
            from: Data(contentsOf: folder.appendingPathComponent("expected.json")))
    }
}

/// The description of what `body` throws, which must be one line about a file.
func problem<R>(_ body: () throws -> R) -> String {
    do {
        _ = try body()
        return "nothing was thrown"
    } catch let error as DataFileError {
        #expect(!error.description.contains { $0.isNewline })
        return error.description
    } catch { return "something else was thrown: \(error)" }
}
