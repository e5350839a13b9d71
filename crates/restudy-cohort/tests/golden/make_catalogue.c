/* Five patients as a SAS data set whose value labels stand in a format catalogue, by ReadStat.
 *
 *     apt-get install libreadstat-dev            # 1.1.8
 *     cc make_catalogue.c -lreadstat -o make_catalogue && ./make_catalogue
 *
 * labelled.sas7bdat and formats.sas7bcat: `sex` with a format of the catalogue, `stage` and `arm` with formats that it lacks
 * (this writer indexes one format), `age` without.
 */
#include <readstat.h>
#include <stdio.h>

static ssize_t bytes(const void *data, size_t length, void *file) { return fwrite(data, 1, length, file); }

static readstat_writer_t *writer(void) {
    readstat_writer_t *writer = readstat_writer_init();
    readstat_set_data_writer(writer, &bytes);
    readstat_writer_set_file_timestamp(writer, 1600000000);
    return writer;
}

int main(void) {
    const double sex[] = {1, 2, 1, 2, 2}, stage[] = {1, 3, 2, 2, 1}, age[] = {71, 44, 64, 58, 15};
    const char *arm[] = {"A", "B", "B", "A", "B"};

    FILE *file = fopen("labelled.sas7bdat", "wb");
    readstat_writer_t *data = writer();
    readstat_variable_t *of_sex = readstat_add_variable(data, "sex", READSTAT_TYPE_DOUBLE, 8);
    readstat_variable_set_label(of_sex, "Sex at birth");
    readstat_variable_set_format(of_sex, "SEXF");
    readstat_variable_t *of_stage = readstat_add_variable(data, "stage", READSTAT_TYPE_DOUBLE, 8);
    readstat_variable_set_format(of_stage, "STAGEF");
    readstat_variable_t *of_arm = readstat_add_variable(data, "arm", READSTAT_TYPE_STRING, 8);
    readstat_variable_set_format(of_arm, "$ARMF");
    readstat_variable_t *of_age = readstat_add_variable(data, "age", READSTAT_TYPE_DOUBLE, 8);
    int failed = readstat_begin_writing_sas7bdat(data, file, 5);
    for (int row = 0; row < 5 && !failed; row++) {
        readstat_begin_row(data);
        readstat_insert_double_value(data, of_sex, sex[row]);
        readstat_insert_double_value(data, of_stage, stage[row]);
        readstat_insert_string_value(data, of_arm, arm[row]);
        readstat_insert_double_value(data, of_age, age[row]);
        failed = readstat_end_row(data);
    }
    failed |= readstat_end_writing(data);
    fclose(file);

    file = fopen("formats.sas7bcat", "wb");
    readstat_writer_t *catalogue = writer();
    readstat_label_set_t *labels = readstat_add_label_set(catalogue, READSTAT_TYPE_DOUBLE, "SEXF");
    readstat_label_double_value(labels, 1, "Male");
    readstat_label_double_value(labels, 2, "Female");
    failed |= readstat_begin_writing_sas7bcat(catalogue, file);
    failed |= readstat_end_writing(catalogue);
    fclose(file);
    return failed;
}
