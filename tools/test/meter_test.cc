// SPDX-License-Identifier: GPL-2.0-only
/* Meters as text. */
#include "error.h"
#include "meter.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace
{

using namespace mf;

TEST(MeterText, ReadsWhatItPrints)
{
	for (const char *text :
	     {"meter=1,pktps,band=type=drop,rate=10,burst_size=5",
	      "meter=4294967295,kbps,band=type=drop,rate=4294967295,burst_size=0", "meter=0,pktps"})
		EXPECT_EQ(format_meter(parse_meter_text(text)), text);
}

TEST(MeterText, FormsOfOvsOfctl)
{
	EXPECT_EQ(format_meter(parse_meter_text("meter=1 kbps bands=type=drop rate=100")),
		  "meter=1,kbps,band=type=drop,rate=100,burst_size=100");
	EXPECT_EQ(format_meter(parse_meter_text("meter=2, band=type=drop burst_size=3 rate=7")),
		  "meter=2,pktps,band=type=drop,rate=7,burst_size=3");
}

TEST(MeterText, RefusalsAreOneClearLine)
{
	const struct {
		const char *text, *error;
	} rows[] = {
		{"1", "meter: column 1: \"1\" where \"meter=\" should be"},
		{"meter=1,mbps", "meter: column 9: \"mbps\" is no part of a meter: one of kbps "
				 "pktps band=type=drop"},
		{"meter=1,band=type=dscp",
		 "meter: column 19: \"dscp\" is no type of band: there is drop"},
		{"meter=1,band=rate=1",
		 "meter: column 14: \"rate\" where type= of a band should be"},
		{"meter=1,band=type=drop",
		 "meter: at the end: nothing where rate= of a band should "
		 "be, which is not 0"},
	};

	for (const auto &row : rows) {
		try {
			parse_meter_text(row.text);
			ADD_FAILURE() << row.text << " was accepted";
		} catch (const SyntaxError &error) {
			EXPECT_STREQ(error.what(), row.error);
		}
	}
}

TEST(MeterText, CountersAndJson)
{
	Meter meter = parse_meter_text("meter=3,kbps,band=type=drop,rate=8,burst_size=9");

	meter.stats = {10, 1000};
	meter.bands[0].exceeded = {2, 200};
	EXPECT_EQ(format_meter_stats(meter),
		  "packets:10, bytes:1000, exceeded:2, exceeded_bytes:200");
	EXPECT_EQ(json_meter(meter).dump(),
		  R"({"id":3,"unit":"kbps","packets":10,"bytes":1000,"bands":[{"type":"drop",)"
		  R"("rate":8,"burst":9,"packets":2,"bytes":200}]})");
}

} // namespace
