// Where two JSON values differ, in words a person can act on.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace earshot::cases {

// Empty when they are the same: members in any order, numbers by value. Else one paragraph a difference, each with the
// path to it; at most 20 are told.
std::string diff(const boost::json::value& expected, const boost::json::value& got);

}  // namespace earshot::cases
