@testable import AdjointCore

/// "File.swift:12" for a line of the calling file.
func at(_ line: Int, _ file: String = #fileID) -> String {
    "\(file.split(separator: "/").last!):\(line)"
}
