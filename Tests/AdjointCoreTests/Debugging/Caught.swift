@testable import AdjointCore

/// The error that `body` raises, or nil.
func caught(_ body: () throws -> Void) -> TensorError? {
    do {
        try catchingTensorErrors(body)
        return nil
    } catch {
        return error as? TensorError
    }
}

/// "File.swift:12" for a line of the calling file.
func at(_ line: Int, _ file: String = #fileID) -> String {
    "\(file.split(separator: "/").last!):\(line)"
}

func numbers(_ tensor: Tensor?) -> [Double] { tensor?.array(as: Double.self) ?? [] }
